import { setTimeout as sleep } from "node:timers/promises";
import { base64 } from "../base64.ts";
import type { Minted } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { objectPath } from "../cluster/paths.ts";
import { rolledOut } from "../cluster/rollout.ts";

// What a person does with kubectl, in whatever order they think is right.

export async function writeBundle(
  cp: ControlPlane,
  ...anchors: readonly { readonly pem: string }[]
): Promise<void> {
  const text = anchors.map(({ pem }) => pem.trim()).join("\n");
  const path = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
  await mustApi(cp.api, "PATCH", path, { data: { "ca-bundle.crt": text } });
}

export async function writeIssuer(cp: ControlPlane, issuer: Minted): Promise<void> {
  const data = { "crt.pem": base64(issuer.pem.trim()), "key.pem": base64(issuer.keyPem.trim()) };
  await mustApi(cp.api, "PATCH", objectPath("Secret", "linkerd", "linkerd-identity-issuer"), { data });
}

/** As `kubectl rollout restart`. Whether it comes back is another question: see `restarted`. */
export async function beginRestart(cp: ControlPlane, namespace: string, name: string): Promise<void> {
  // Pods are dated in whole seconds: one made in the second of a write reads what was there before it.
  await sleep(1_050 - (Date.now() % 1_000));
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const body = { spec: { template: { metadata: { annotations } } } };
  await mustApi(cp.api, "PATCH", objectPath("Deployment", namespace, name), body);
}

export async function restarted(
  cp: ControlPlane,
  namespace: string,
  ...names: readonly string[]
): Promise<void> {
  for (const name of names) {
    await beginRestart(cp, namespace, name);
    await rolledOut(cp, { namespace, name });
  }
}

export const controlPlane = ["linkerd-identity", "linkerd-proxy-injector", "linkerd-destination"] as const;

/** Identity's events: reason, message and how often, oldest first. */
export async function identityEvents(
  cp: ControlPlane,
): Promise<readonly { readonly reason: string; readonly message: string; readonly count: number }[]> {
  const words = new URLSearchParams({ fieldSelector: "involvedObject.name=linkerd-identity" });
  const { items } = await mustApi<{ items: { reason: string; message: string; count: number }[] }>(
    cp.api,
    "GET",
    `/api/v1/namespaces/linkerd/events?${words}`,
  );
  return items.filter(({ reason }) => reason.startsWith("Issuer"));
}
