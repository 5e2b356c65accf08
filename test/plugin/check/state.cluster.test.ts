import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { bundle, day, hour, issuer } from "../../certificates/index.ts";
import { mustApi } from "../../cluster/api.ts";
import { inject } from "../../cluster/linkerd.ts";
import { skip } from "../../cluster/skip.ts";
import { checkedMesh, dated, former, fresh, plain, root, sound, strange } from "./checked-mesh.ts";

const rootsPath = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";

describe("check of a mesh as it is, against a real API server", { skip }, () => {
  const mesh = checkedMesh();
  const { short, world, patch, writeIssuer, putIssuer } = mesh;

  test("a healthy mesh: every question is answered well", async () => {
    const { code, stdout, stderr } = await world().run("check");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /√ identity signs with the issuer that is in the Secret\n {4}its pod was made at/);
    const screen = plain(stdout);
    assert.ok(!/[‼×–]/.test(screen), screen);
    assert.match(screen, /√ 3 proxies trust "root" \(F1\)\n {4}shop\/deploy\/web \(2\)\n {4}shop\/sts\/db\n/);
    assert.match(screen, /TIME {3}in 364 days {3}new pods fail from then on/);
    assert.match(screen, /TIME {3}in 364 days {3}every running proxy fails by then/);
    assert.ok(screen.endsWith("Status check results are √\n"));
  });

  test("a stale control plane, which no other tool sees", async (t) => {
    t.after(() => fresh(mesh.cp));
    await setTimeout(1100); // times have whole seconds
    await patch(rootsPath, { data: { "ca-bundle.crt": bundle(root, former) } });
    const { code, screen } = await short();
    assert.equal(code, 0);
    assert.equal(
      screen.split("proxies\n-------")[0],
      `trust bundle
------------
‼ linkerd-config holds the same anchors as the trust bundle
    the next upgrade would drop anchor "former root" (F1): linkerd-config lacks it
    Bring identityTrustAnchorsPEM in the install's values in line with the trust bundle.
    see RULES#bundle-agrees-with-config for hints

control plane
-------------
‼ the control plane started after the trust bundle last changed
    deploy/linkerd-destination started before the trust bundle last changed
      the bundle changed at TIME
    deploy/linkerd-identity started before the trust bundle last changed
      the bundle changed at TIME
    deploy/linkerd-proxy-injector started before the trust bundle last changed
      the bundle changed at TIME
    Restart linkerd-identity, then linkerd-proxy-injector, then linkerd-destination.
    see RULES#control-plane-fresh for hints

`,
    );
    assert.equal((await short("--fail-on", "warning")).code, 2);
    await patch(rootsPath, { data: { "ca-bundle.crt": bundle(root) } });
  });

  test("an expired issuer", async (t) => {
    t.after(() => putIssuer(sound));
    const expired = issuer(root, dated(-2 * day, -hour));
    await putIssuer(expired);
    const { code, screen } = await short();
    assert.equal(code, 2);
    assert.equal(
      screen,
      `issuer
------
× the issuer has not expired
    issuer "identity.linkerd.cluster.local" (F1) expired at TIME
    Issue a new one from an anchor in the bundle.
    see RULES#issuer-not-expired for hints

Status check results are ×
`,
    );
    const { stdout } = await world().run("check");
    // An hour before this file was loaded.
    assert.match(plain(stdout), /TIME {3}6\d minutes ago {3}new pods fail from then on/);
  });

  test("an issuer that is not in the bundle, and what identity did with it", async (t) => {
    t.after(() => putIssuer(sound));
    await writeIssuer(issuer(strange, dated(-hour, 2 * day)));
    await say("IssuerUpdateSkipped", "Skipping issuer update as certs could not be read from disk");
    const { code, screen } = await short();
    assert.equal(code, 2);
    assert.equal(
      screen,
      `issuer
------
× the issuer is signed by an anchor in the trust bundle
    the issuer chains to no anchor in the trust bundle
      identity and proxies refuse "identity.linkerd.cluster.local" (F1): "identity.linkerd.cluster.local" (F1) is signed by no anchor in the bundle: none is named as its issuer, CN=strange root
    Add the issuer's anchor to the bundle first, or issue it from an anchor that is there.
    see RULES#issuer-chains-to-anchor for hints
× identity signs with the issuer that is in the Secret
    identity skipped issuer "identity.linkerd.cluster.local" (F1) and signs with an older one
      event IssuerUpdateSkipped at TIME: Skipping issuer update as certs could not be read from disk
    Restart deploy/linkerd-identity once the issuer chains to an anchor of the trust bundle.
    see CHECKS#issuer-taken-up for hints

proxies
-------
× every running proxy trusts the issuer
    proxies that hold bundle F2 do not trust the issuer
      issuer "identity.linkerd.cluster.local" (F1); restart shop/deploy/web, shop/sts/db
    Restart the workloads that hold an older bundle, then write the issuer.
    see RULES#issuer-trusted-by-proxies for hints

Status check results are ×
`,
    );
    await mesh.cp.kubectl(["delete", "events", "-n", "linkerd", "--all"]);
  });

  test("proxies of three different bundles, by the workloads that own them", async (t) => {
    t.after(() => mesh.cp.kubectl(["delete", "ns", "mixed", "--timeout=60s"]));
    await inject(mesh.cp, { name: "both", namespace: "mixed", bundle: bundle(former, root) });
    await inject(mesh.cp, { name: "old", namespace: "mixed", bundle: bundle(former), replicas: 2 });
    // Neither a pod that has finished nor one without a proxy counts.
    await inject(mesh.cp, { name: "done", kind: "Pod", namespace: "mixed", bundle: bundle(strange) });
    await patch("/api/v1/namespaces/mixed/pods/done/status", { status: { phase: "Succeeded" } });
    const spec = { containers: [{ name: "app", image: "example.test/app:1" }] };
    await mustApi(mesh.cp.api, "POST", "/api/v1/namespaces/mixed/pods", { metadata: { name: "bare" }, spec });
    const { stdout } = await world().run("check");
    assert.match(stdout, /proxies that hold bundle [0-9a-f]{8} do not trust the issuer\n/);
    const [, proxies] = /proxies by bundle\n-+\n(.*?)\n\n/s.exec(plain(stdout)) ?? [];
    assert.equal(
      proxies,
      `√ 3 proxies trust "root" (F3)
    shop/deploy/web (2)
    shop/sts/db
‼ 2 proxies trust "former root" (F1)
    mixed/deploy/old (2)
√ 1 proxy trusts "former root" (F1), "root" (F3)
    mixed/deploy/both`,
    );
  });

  async function say(reason: string, message: string) {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    await mustApi(mesh.cp.api, "POST", "/api/v1/namespaces/linkerd/events", {
      metadata: { generateName: "linkerd-identity.", namespace: "linkerd" },
      involvedObject: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "linkerd",
        name: "linkerd-identity",
      },
      type: reason === "IssuerUpdated" ? "Normal" : "Warning",
      reason,
      message,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
});
