// What the tests of owners rest on: cert-manager and trust-manager really renew and really write.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { mustApi } from "./api.ts";
import { certManagerAvailable, certManagerObjects, startCertManager } from "./cert-manager.ts";
import { startControlPlane } from "./control-plane.ts";
import { documentedSetup } from "./documented-setup.ts";
import { eventually } from "./eventually.ts";
import { ensureNamespace } from "./linkerd.ts";
import type { ConfigMap, Secret } from "./objects.ts";
import { objectPath } from "./paths.ts";

describe("cert-manager and trust-manager", { skip: certManagerAvailable() === "missing-go" }, async () => {
  const cp = await startControlPlane();
  const managers = await startCertManager(cp);
  after(async () => {
    await managers.stop();
    await cp.stop();
  });

  test("make the issuer and the bundle of Linkerd's documented set-up", { timeout: 120_000 }, async () => {
    await ensureNamespace(cp, "linkerd");
    await mustApi(cp.api, "PATCH", objectPath("Namespace", undefined, "linkerd"), {
      metadata: { labels: { "linkerd.io/is-control-plane": "true" } },
    });
    await certManagerObjects(cp, documentedSetup);
    const bundle = await eventually("the bundle", async () => {
      const { body, status } = await cp.api(
        "GET",
        objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots"),
      );
      return status === 200 ? (body as ConfigMap).data["ca-bundle.crt"] : undefined;
    });
    const issuer = await eventually("the issuer", async () => {
      const { body, status } = await cp.api(
        "GET",
        objectPath("Secret", "linkerd", "linkerd-identity-issuer"),
      );
      return status === 200 ? (body as Secret).data : undefined;
    });
    assert.match(String(bundle), /BEGIN CERTIFICATE/);
    assert.deepEqual(Object.keys(issuer ?? {}).sort(), ["ca.crt", "tls.crt", "tls.key"]);
  });
});
