// inspect, bundle and recover anchor against a real API server.
import assert from "node:assert/strict";
import { after as atEnd, before, describe, test } from "node:test";
import { base64 } from "../../base64.ts";
import { anchor, bundle, hour, issuer, type Minted } from "../../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { inject, installLinkerd } from "../../cluster/linkerd.ts";
import { type TestWorldOptions, testWorld } from "../world.ts";

// The API server's clock is this machine's, and so are the roles'.
const now = new Date();
const old = dated("old", -200);
const current = dated("current", -100);
const next = dated("next", -1);
const identity = issuer(current, { notBefore: hoursFromNow(-50), notAfter: hoursFromNow(5000) });

let cp: ControlPlane;
const roots = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";

before(async () => {
  cp = await startControlPlane();
  const issuerOf = { chainPem: identity.pem, keyPem: identity.keyPem };
  await installLinkerd(cp, { bundle: bundle(current), issuer: issuerOf });
  await inject(cp, { name: "web", namespace: "shop", bundle: bundle(current), replicas: 2 });
  await inject(cp, { name: "stale", namespace: "shop", bundle: bundle(old, current) });
});
atEnd(() => cp?.stop());

describe("inspect", () => {
  test("without a name shows what the cluster trusts, and where each anchor is", async () => {
    const { code, stdout, stderr } = await world().run("inspect");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^context "test", https:\/\/127\.0\.0\.1:\d+, namespace linkerd$/m);
    assert.match(stdout, /^anchor "current" .* active: issuer "identity\.linkerd\.cluster\.local"/m);
    assert.match(
      stdout,
      /in ConfigMap linkerd\/linkerd-identity-trust-roots, ca-bundle\.crt;.*3 running proxies/,
    );
    assert.match(stdout, /^└─ issuer "identity\.linkerd\.cluster\.local" .* active: identity signs with it/m);
    assert.match(stdout, /^anchor "old" .* outgoing: leaves in use may chain to it/m);
    assert.match(stdout, /in 1 running proxy$/m);
    assert.match(stdout, /a private key, not shown; it is the issuer's/);
  });

  test("shows a Secret without its key, a ConfigMap, and what is not there", async () => {
    const secret = await world().run("inspect", "secret/linkerd-identity-issuer");
    assert.equal(secret.code, 0, secret.stderr);
    assert.match(secret.stdout, /in Secret linkerd\/linkerd-identity-issuer, crt\.pem, line 1/);
    assert.match(secret.stdout, /key\.pem, line 1: an EC PRIVATE KEY block: a private key, not shown/);
    assert.doesNotMatch(secret.stdout, new RegExp(identity.keyPem.split("\n")[1]?.slice(0, 20) ?? "-"));
    const map = await world().run("inspect", "cm/linkerd-identity-trust-roots");
    assert.match(map.stdout, /in ConfigMap linkerd\/linkerd-identity-trust-roots, ca-bundle\.crt, line 1/);
    const none = await world().run("inspect", "secret/nothing", "-n", "shop");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /error: there is no Secret shop\/nothing in context "test"/);
  });

  test("shows a pod's anchors, and what its proxy makes of the live issuer", async () => {
    const stale = await podOf("stale");
    const { code, stdout } = await world().run("inspect", `pod/${stale}`, "-n", "shop");
    assert.equal(code, 0);
    assert.match(stdout, /^anchor "old"/m);
    assert.match(stdout, /^└─ issuer .* active: the Secret holds it/m);
    const destination = await podOf("linkerd-destination", "linkerd");
    const own = await world().run("inspect", `pod/${destination}`, "-n", "linkerd");
    assert.match(own.stdout, /which Pod linkerd\/linkerd-destination\S+ reads when it starts/);
    const unmeshed = await world().run("inspect", "pod/nobody", "-n", "shop");
    assert.match(unmeshed.stderr, /there is no Pod shop\/nobody/);
  });

  test("says which permission is missing", async () => {
    const kubeconfig = await cp.kubeconfigFor("default", "shop");
    const { code, stderr } = await testWorld({ kubeconfig, now }).run(
      "inspect",
      "secret/linkerd-identity-issuer",
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      /hint: Give system:serviceaccount:shop:default the verb "get" on secrets in namespace linkerd\./,
    );
  });
});

describe("bundle", () => {
  const files = { "next.pem": next.pem };

  test("refuses to lose an anchor that the live bundle has, and writes nothing", async () => {
    for (const flag of ["--against-live", "--apply"]) {
      const { code, stdout, stderr } = await world({ files }).run("bundle", "next.pem", flag, "--yes");
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /^− "current" .* in none of the inputs$/m);
      assert.match(stderr, /error: the live bundle would lose "current"/);
      assert.match(stderr, /hint: Add the live bundle with --live/);
    }
    assert.equal(await liveText(), bundle(current).trim());
  });

  test("shows the diff and wants a yes", async () => {
    const unasked = await world({ files }).run("bundle", "--live", "next.pem", "--apply");
    assert.equal(unasked.code, 4);
    assert.match(unasked.stderr, /^\+ "next" .* {2}next\.pem, line 1$/m);
    assert.match(unasked.stderr, /^= 1 stays$/m);
    assert.match(unasked.stderr, /is not written without a yes\n.*Add --yes/);
    const no = await world({ files, tty: true, stdin: "\n" }).run("bundle", "--live", "next.pem", "--apply");
    assert.equal(no.code, 4);
    assert.match(
      no.stderr,
      /Write ConfigMap linkerd\/linkerd-identity-trust-roots in context "test", .*\? \[y\/N\]/,
    );
    for (const how of ["client", "server"]) {
      const dry = await world({ files }).run(
        "bundle",
        "--live",
        "next.pem",
        "--apply",
        "--dry-run",
        how,
        "--force-conflicts",
      );
      assert.equal(dry.code, 0, dry.stderr);
      assert.match(dry.stderr, new RegExp(`would be written \\(${how} dry run\\)`));
    }
    assert.equal(await liveText(), bundle(current).trim());
  });

  test("does not take the ConfigMap from its owner unasked", async () => {
    const { code, stderr } = await world({ files }).run("bundle", "--live", "next.pem", "--apply", "--yes");
    assert.equal(code, 4);
    assert.match(stderr, /conflict.*\n.*hint: .*--force-conflicts/s);
  });

  test("writes it after a yes, keeps what else is in the ConfigMap, and is then content", async () => {
    const label = { metadata: { labels: { mine: "kept" } } };
    await cp.api("PATCH", roots, label);
    const written = await world({ files, tty: true, stdin: "y\n" }).run(
      ...["bundle", "--live", "next.pem", "--apply", "--force-conflicts"],
    );
    assert.equal(written.code, 0, written.stderr);
    assert.match(written.stderr, /wrote ConfigMap linkerd\/linkerd-identity-trust-roots$/m);
    assert.equal(await liveText(), bundle(current, next));
    const { body } = await cp.api<{ metadata: { labels: object; managedFields: { manager: string }[] } }>(
      "GET",
      roots,
    );
    assert.ok("mine" in body.metadata.labels);
    assert.ok(body.metadata.managedFields.some(({ manager }) => manager === "linkerd-certs"));
    const again = await world({ files }).run("bundle", "--live", "next.pem", "--apply");
    assert.equal(again.code, 0);
    assert.match(again.stderr, /holds this bundle already; nothing is written/);
  });

  test("drops a live anchor that is named, and merges other clusters' bundles", async () => {
    const fingerprint = next.fingerprint.slice(0, 12);
    const dry = await world().run(
      "bundle",
      "--live",
      "--drop",
      fingerprint,
      "--apply",
      "--dry-run",
      "server",
    );
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stderr, /^− "next" .* dropped as asked$/m);
    const merged = await world({ files: { "old.pem": old.pem } }).run(
      "bundle",
      "old.pem",
      "--from-context",
      "test",
    );
    assert.equal(merged.stdout, bundle(current, next, old));
    const unknown = await world().run("bundle", "--from-context", "nowhere");
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no context "nowhere"/);
  });

  test("takes anchors out of a Secret, and leaves the issuer there", async () => {
    await cp.api("POST", "/api/v1/namespaces/shop/secrets", {
      metadata: { name: "pki" },
      data: {
        "ca.crt": base64(old.pem),
        "tls.crt": base64(identity.pem),
        "tls.key": base64(identity.keyPem),
      },
    });
    const { code, stdout, stderr } = await world().run("bundle", "secret/pki", "-n", "shop");
    assert.deepEqual([code, stdout], [0, old.pem]);
    assert.match(
      stderr,
      /tls\.crt, line 1: left out "identity\.linkerd\.cluster\.local".* another CA has signed/,
    );
  });
});

describe("recover anchor", () => {
  test("collects what the cluster still holds, and says where it was and what may be wrong with it", async () => {
    const { code, stdout, stderr } = await world().run("recover", "anchor");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, bundle(current, next, old));
    assert.match(
      stderr,
      /^"old" .*\n {2}in 1 running proxy\n {2}not in the live bundle: was it dropped on purpose\?$/m,
    );
    assert.match(stderr, /^these verify the live issuer$/m);
    const only = await world().run("recover", "anchor", "--live-only");
    assert.equal(only.stdout, bundle(current, next));
  });

  test("finds the anchors when the ConfigMap is gone, and writes them to a file", async () => {
    await cp.api("DELETE", roots);
    const lost = world();
    const { code, stderr } = await lost.run("recover", "anchor", "-o", "ca.crt");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /in ConfigMap linkerd\/linkerd-config, identityTrustAnchorsPEM/);
    assert.deepEqual(new Set(blocks(lost.file("ca.crt"))), new Set(blocks(bundle(current, old))));
    const shown = await lost.run("inspect");
    assert.match(shown.stdout, /linkerd-identity-trust-roots, ca-bundle\.crt: is not there/);
    const put = await lost.run("bundle", "ca.crt", "--apply", "--yes");
    assert.equal(put.code, 0, put.stderr);
    assert.equal(blocks(await liveText()).length, 2);
  });
});

function world(options: TestWorldOptions = {}) {
  return testWorld({ kubeconfig: cp.kubeconfig, now, ...options });
}

function hoursFromNow(hours: number): Date {
  return new Date(Math.floor(now.getTime() / 1000) * 1000 + hours * hour);
}

function dated(name: string, hours: number): Minted {
  return anchor(name, { notBefore: hoursFromNow(hours), notAfter: hoursFromNow(20_000) });
}

async function liveText(): Promise<string> {
  const { body } = await cp.api<{ data: Record<string, string> }>("GET", roots);
  return body.data["ca-bundle.crt"] ?? "";
}

async function podOf(app: string, namespace = "shop"): Promise<string> {
  const { body } = await cp.api<{ items: { metadata: { name: string } }[] }>(
    "GET",
    `/api/v1/namespaces/${namespace}/pods`,
  );
  return body.items.map(({ metadata }) => metadata.name).find((name) => name.startsWith(app)) ?? "";
}

const blocks = (text: string): string[] => text.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
