import { base64 } from "../base64.ts";
import { anchor, day, leaf } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { create, ensureNamespace } from "../cluster/linkerd.ts";
import type { Secret } from "../cluster/objects.ts";
import { objectPath } from "../cluster/paths.ts";
import { rolledOut } from "../cluster/rollout.ts";
import { controlPlane, restarted } from "../rotation/by-hand.ts";
import { authority, deployment, type Mesh, startMesh } from "../rotation/mesh.ts";

/** A staging cluster: Linkerd, played by the stand-in, and the shop that its own tutorial meshes. */
export async function emojivoto(): Promise<Mesh> {
  const mesh = await startMesh({ workloads: 0, old: authority("root.linkerd.cluster.local") });
  try {
    // What began in the second of the bundle's own writing may have missed it; no stranger is that quick.
    await restarted(mesh.cp, "linkerd", ...controlPlane);
    const namespace = "emojivoto";
    const workloads = ["emoji", "voting", "web"].map((name) => ({ name, namespace }));
    await ensureNamespace(mesh.cp, namespace);
    for (const workload of workloads) await create(mesh.cp, deployment(workload, 1));
    for (const workload of workloads) await rolledOut(mesh.cp, workload);
    await injectorCertificate(mesh.cp);
    return mesh;
  } catch (error) {
    await mesh.stop();
    throw error;
  }
}

/** The stand-in's injector serves with a certificate of its own; an installation has one in a Secret as well. */
async function injectorCertificate(cp: ControlPlane): Promise<void> {
  const times = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 365 * day) };
  const name = "linkerd-proxy-injector.linkerd.svc";
  const signer = anchor(name, times);
  const serving = leaf(signer, { ...times, name, sans: [`dns:${name}`] });
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: "linkerd-proxy-injector-k8s-tls", namespace: "linkerd" },
    data: { "tls.crt": base64(serving.pem), "tls.key": base64(serving.keyPem) },
  };
  await create(cp, secret);
  const path = objectPath("MutatingWebhookConfiguration", undefined, "linkerd-proxy-injector-webhook-config");
  const { webhooks } = await mustApi<Webhooks>(cp.api, "GET", path);
  const believed = webhooks.map((webhook) => {
    const known = Buffer.from(webhook.clientConfig.caBundle, "base64").toString();
    const caBundle = base64(`${known.trim()}\n${signer.pem}`);
    return { ...webhook, clientConfig: { ...webhook.clientConfig, caBundle } };
  });
  await mustApi(cp.api, "PATCH", path, { webhooks: believed });
}

interface Webhooks {
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle: string } }[];
}
