import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type CertManager, certManagerAvailable, startCertManager } from "../cluster/cert-manager.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { kubectlFor } from "../cluster/kubectl.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { issuerOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { inForce, installTrust, issuerPath } from "../steadiness/trust.ts";
import { redirected } from "./chart.ts";
import { findProgram, skipWithout } from "./programs.ts";

const skip =
  skipWithout("helm") || (certManagerAvailable() === "missing-go" && "needs Go to build cert-manager");

describe("certificate.mode: cert-manager, with cert-manager's own controllers", { skip }, () => {
  const material = mintMaterial(new Date());
  let cp: ControlPlane;
  let certManager: CertManager;
  let guard: GuardProcess | undefined;
  let port: number;
  before(async () => {
    cp = await startControlPlane();
    certManager = await startCertManager(cp);
    await installTrust(cp, material);
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
    await ensureNamespace(cp, "linkerd-certs");
    [port = 0] = await freePorts(1);
    const helm = kubectlFor(await findProgram("helm"), cp.kubeconfig, cp.dir);
    const set = ["--set", `service.port=${port},certificate.mode=cert-manager`];
    const { code, stderr } = await helm([
      "install",
      "linkerd-certs",
      redirected(cp.dir),
      "-n",
      "linkerd-certs",
      ...set,
    ]);
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await guard?.end();
    await certManager.stop();
    await cp.stop();
  });

  it("gets a certificate for the Service, signed by an authority of the guard's own that outlives it", async () => {
    const { leaf, authority } = await issued();
    assert.ok(leaf.verify(authority.publicKey));
    assert.ok(leaf.checkHost("linkerd-certs.linkerd-certs.svc"));
    assert.ok(authority.ca && authority.validToDate > leaf.validToDate);
    const days = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / 86_400_000;
    assert.equal(Math.round(days), 90);
  });

  it("serves with it, with fewer rights than the default has, and refuses what it should", async () => {
    const { files } = await issued();
    const directory = join(cp.dir, "serving");
    mkdirSync(directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    await caBundle(files["ca.crt"] ?? "");
    const certificate = { mode: "files", directory };
    guard = await startGuardProcess(cp, { port, config: { certificate } });
    await guard.ready();
    await inForce(cp);
    const { body } = await cp.api<{ message: string }>("PUT", issuerPath, issuerOf(material.foreign));
    assert.match(body.message, /issuer-chains-to-anchor/);
    const may = await cp.kubectl([
      ...["auth", "can-i", "patch", "validatingwebhookconfigurations/linkerd-certs"],
      "--as=system:serviceaccount:linkerd-certs:linkerd-certs",
    ]);
    assert.match(may.stdout, /^no/);
  });

  /** As cainjector does; the chart's annotation names the Certificate. */
  async function caBundle(authority: string): Promise<void> {
    const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";
    const { metadata, webhooks } = await mustApi<{
      metadata: { annotations: Record<string, string> };
      webhooks: { clientConfig: { caBundle?: string } }[];
    }>(cp.api, "GET", path);
    assert.equal(metadata.annotations["cert-manager.io/inject-ca-from"], "linkerd-certs/linkerd-certs");
    for (const { clientConfig } of webhooks) {
      assert.equal(clientConfig.caBundle, undefined);
      clientConfig.caBundle = Buffer.from(authority).toString("base64");
    }
    await mustApi(cp.api, "PATCH", path, { webhooks });
  }

  async function issued() {
    const path = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-tls";
    const data = await eventually("it is issued", async () => {
      const { body } = await cp.api<{ data?: Record<string, string> }>("GET", path);
      return body.data?.["tls.crt"] !== undefined && body.data;
    });
    const files = Object.fromEntries(
      Object.entries(data).map(([name, text]) => [name, Buffer.from(text, "base64").toString()]),
    );
    const [leaf, authority] = ["tls.crt", "ca.crt"].map((name) => new X509Certificate(files[name] ?? ""));
    assert.ok(leaf && authority);
    return { files, leaf, authority };
  }
});
