import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { base64 } from "../base64.ts";
import { anchor, bundle, issuer } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { issuerOf, type Manifest, trustRootsOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Guarded, startGuarded } from "./guarded.ts";

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

describe("under guard, where Linkerd is not installed yet", () => {
  let here: Guarded;
  const material = mintMaterial(new Date());
  const { first, live, renewed } = material;
  before(async () => {
    here = await startGuarded();
  });
  after(() => here.end());

  it("an install may bring the Secret first, as Helm does", async () => {
    await passes(here.cp, issuerOf(live));
    await passes(here.cp, trustRootsOf([first]));
  });

  it("both may be deleted again while nothing runs, with a warning", async () => {
    for (const object of ["configmap/linkerd-identity-trust-roots", "secret/linkerd-identity-issuer"]) {
      const { code, stderr } = await here.cp.kubectl(["-n", "linkerd", "delete", object]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Warning: .* is deleted; Linkerd does not start without it/);
    }
  });

  it("an install may bring the ConfigMap first", async () => {
    await passes(here.cp, trustRootsOf([first]));
    await passes(here.cp, issuerOf(live));
    await here.cp.kubectl(["-n", "linkerd", "delete", "secret/linkerd-identity-issuer"]);
  });

  it("cert-manager may make the Secret empty and fill it later", async () => {
    const secret = (crt: string, key: string): Manifest => ({
      ...issuerOf(live),
      type: "kubernetes.io/tls",
      data: { "tls.crt": base64(crt), "tls.key": base64(key), "ca.crt": base64(crt && first.pem) },
    });
    await passes(here.cp, secret("", ""), "cert-manager-certificates-issuing");
    await passes(here.cp, secret(live.pem, live.keyPem), "cert-manager-certificates-issuing");
    await passes(here.cp, secret(renewed.pem, renewed.keyPem), "cert-manager-certificates-issuing");
  });

  it("but not empty a Secret that was filled", async () => {
    const emptied = { ...issuerOf(live), type: "kubernetes.io/tls", data: { "tls.crt": "", "tls.key": "" } };
    const { code, stderr } = await apply(here.cp, emptied, "cert-manager-certificates-issuing");
    assert.notEqual(code, 0);
    assert.match(stderr, /there is no issuer in Secret linkerd-identity-issuer/);
  });
});

describe("under guard, a mesh that runs", () => {
  let here: Guarded;
  const { first, live, second } = mintMaterial(new Date());
  before(async () => {
    here = await startGuarded({
      async prepare(cp) {
        const issuer = { chainPem: live.pem, keyPem: live.keyPem };
        await installLinkerd(cp, { bundle: bundle(first, second), issuer });
        await inject(cp, { namespace: "shop", name: "web", bundle: bundle(first, second) });
      },
    });
  });
  after(() => here.end());

  it("trust-manager may sort the same anchors anew", async () => {
    const sorted = bundle(second, first).trimEnd();
    await passes(
      here.cp,
      trustRootsOf(sorted, { labels: { "trust.cert-manager.io/bundle": "x" } }),
      "trust-manager",
    );
  });

  it("an anchor may be renewed with its own key", async () => {
    const dates = { notBefore: inDays(-1), notAfter: inDays(5000) };
    const again = anchor("first.root.linkerd.cluster.local", { key: first.key, ...dates });
    await passes(here.cp, trustRootsOf([again, second]));
  });

  it("an issuer may be renewed with its own key, and with another", async () => {
    const dates = { notBefore: inDays(-1), notAfter: inDays(300) };
    await passes(here.cp, issuerOf(issuer(first, { key: live.key, ...dates })));
    await passes(here.cp, issuerOf(issuer(first, dates)));
  });

  it("a dry run is answered as the write itself", async () => {
    const bad = JSON.stringify(
      trustRootsOf([anchor("other", { notBefore: inDays(-1), notAfter: inDays(99) })]),
    );
    const dry = await here.cp.kubectl(["apply", "--dry-run=server", "-f", "-"], { stdin: bad });
    const real = await here.cp.kubectl(["apply", "-f", "-"], { stdin: bad });
    assert.notEqual(real.code, 0);
    assert.equal(dry.stderr, real.stderr);
  });

  it("a refusal reads the same on every retry", async () => {
    const bad = trustRootsOf([anchor("other", { notBefore: inDays(-1), notAfter: inDays(99) })]);
    const once = await apply(here.cp, bad);
    assert.equal((await apply(here.cp, bad)).stderr, once.stderr);
  });

  it("its namespace may be deleted, and goes away whole", async () => {
    await here.cp.kubectl(["delete", "namespace", "linkerd", "--wait=false"]);
    await eventually("the namespace is gone", async () => {
      return (await here.cp.api("GET", "/api/v1/namespaces/linkerd")).status === 404;
    });
  });
});

for (const order of ["the Secret first", "the ConfigMap first"]) {
  describe(`under guard, a mesh whose only anchor has expired, mended with ${order}`, () => {
    let here: Guarded;
    const past = { notBefore: inDays(-400), notAfter: inDays(-1) };
    const expired = anchor("expired.root.linkerd.cluster.local", past);
    const old = issuer(expired, { notBefore: inDays(-300), notAfter: inDays(30) });
    const { first, live } = mintMaterial(new Date());
    before(async () => {
      here = await startGuarded({
        async prepare(cp) {
          const issuer = { chainPem: old.pem, keyPem: old.keyPem };
          await installLinkerd(cp, { bundle: bundle(expired), issuer });
          await inject(cp, { namespace: "shop", name: "web", bundle: bundle(expired) });
        },
      });
    });
    after(() => here.end());

    it("takes both objects in one apply", async () => {
      const items = [issuerOf(live), trustRootsOf([first])];
      if (order === "the ConfigMap first") items.reverse();
      for (const item of items) await passes(here.cp, item);
    });
  });
}

async function passes(cp: ControlPlane, manifest: Manifest, manager?: string): Promise<void> {
  const { code, stderr } = await apply(cp, manifest, manager);
  assert.equal(code, 0, stderr);
}

/** As kubectl apply does; as another's server-side apply where a field manager is named. */
function apply(cp: ControlPlane, manifest: Manifest, manager?: string) {
  const as =
    manager === undefined ? [] : ["--server-side", "--force-conflicts", `--field-manager=${manager}`];
  return cp.kubectl(["apply", ...as, "-f", "-"], { stdin: JSON.stringify(manifest) });
}
