// Where cert-manager and trust-manager make anchor, issuer and bundle: their real controllers are asked, and do it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { connect } from "../../cluster/connect.ts";
import { renewAnchor } from "../../cluster/owners/renew-anchor.ts";
import { readBundle } from "../../trust/x509/index.ts";
import { mustApi } from "../cluster/api.ts";
import { certManagerAvailable, certManagerObjects, startCertManager } from "../cluster/cert-manager.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import { documentedSetup } from "../cluster/documented-setup.ts";
import { eventually } from "../cluster/eventually.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import type { ConfigMap } from "../cluster/objects.ts";
import { objectPath } from "../cluster/paths.ts";

describe("an anchor that cert-manager makes", { skip: certManagerAvailable() === "missing-go" }, async () => {
  const cp = await startControlPlane();
  const managers = await startCertManager(cp);
  const cluster = await connect({ kubeconfig: cp.kubeconfig });
  after(async () => {
    cluster.close();
    await managers.stop();
    await cp.stop();
  });
  const roots = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
  const anchorsNow = async () => {
    const { status, body } = await cp.api("GET", roots);
    return status === 200 ? readBundle((body as ConfigMap).data["ca-bundle.crt"] ?? "").anchors : [];
  };

  test("is renewed without the old one being lost", { timeout: 120_000 }, async () => {
    await ensureNamespace(cp, "linkerd");
    const labels = { "linkerd.io/is-control-plane": "true" };
    await mustApi(cp.api, "PATCH", objectPath("Namespace", undefined, "linkerd"), { metadata: { labels } });
    await certManagerObjects(cp, documentedSetup);
    await eventually("the bundle", async () => (await anchorsNow()).length === 1);
    const [old] = await anchorsNow();
    assert.ok(old);

    const told: string[] = [];
    const fresh = await renewAnchor({
      cluster,
      bundle: "linkerd-identity-trust-roots",
      trustNamespace: "cert-manager",
      anchors: [old],
      now: new Date(),
      signal: new AbortController().signal,
      tell: (sentence) => told.push(sentence),
    });
    const after = await eventually("both in the bundle", async () => {
      const some = (await anchorsNow()).map(({ fingerprint }) => fingerprint);
      assert.ok(some.includes(old.fingerprint), "the old anchor was lost");
      return some.length === 2 && some;
    });
    assert.deepEqual([...after].sort(), [old.fingerprint, fresh[0]?.fingerprint].sort());
    assert.equal(told.length, 2);
  });
});
