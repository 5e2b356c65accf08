import assert from "node:assert/strict";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import type { Kubectl } from "../cluster/kubectl.ts";

const configuration = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";

/** Of the first webhook, as it is live. */
export async function caBundle(cp: ControlPlane): Promise<string | undefined> {
  const { webhooks } = await mustApi<{ webhooks: { clientConfig: { caBundle?: string } }[] }>(
    cp.api,
    "GET",
    configuration,
  );
  return webhooks[0]?.clientConfig.caBundle;
}

/** Of each object of the release. */
export async function versions(cp: ControlPlane, helm: Kubectl): Promise<readonly string[]> {
  const rendered = await helm(["get", "manifest", "linkerd-certs", "-n", "linkerd-certs"]);
  const { stdout } = await cp.kubectl(["get", "-f", "-", "-o", "json"], { stdin: rendered.stdout });
  const { items } = JSON.parse(stdout) as {
    items: { kind: string; metadata: { name: string; resourceVersion: string } }[];
  };
  assert.ok(items.length > 10);
  return items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
}
