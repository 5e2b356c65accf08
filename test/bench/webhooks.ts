import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import { objectPath } from "../cluster/paths.ts";
import type { Server, Stage } from "./servers.ts";

/** Has the API server ask this server about writes in that namespace, as manifests/guard/ does but by URL. */
export async function register(stage: Stage, server: Server, namespace: string): Promise<void> {
  const { cp, serving } = stage;
  const clientConfig = { url: server.url, caBundle: Buffer.from(serving.caPem).toString("base64") };
  const entry = (name: string, resource: string, object: string) => ({
    name: `${name}.${server.name}.linkerd-certs.io`,
    admissionReviewVersions: ["v1"],
    clientConfig,
    rules: [
      {
        ...{ apiGroups: [""], apiVersions: ["v1"], resources: [resource], scope: "Namespaced" },
        operations: ["CREATE", "UPDATE", "DELETE"],
      },
    ],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    matchConditions: [
      {
        name: "by-name",
        expression: `(request.operation == "DELETE" ? oldObject : object).metadata.name == "${object}"`,
      },
    ],
    ...{ matchPolicy: "Equivalent", failurePolicy: "Fail", sideEffects: "None", timeoutSeconds: 5 },
  });
  const group = "/apis/admissionregistration.k8s.io/v1";
  await mustApi(cp.api, "POST", `${group}/validatingwebhookconfigurations`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: `bench-${server.name}` },
    webhooks: [
      entry("trust-roots", "configmaps", "linkerd-identity-trust-roots"),
      entry("issuer", "secrets", "linkerd-identity-issuer"),
    ],
  });
  await eventually(`the API server asks the ${server.name}`, async () => {
    const path = objectPath("ConfigMap", namespace, "linkerd-identity-trust-roots");
    const probe = { data: { "ca-bundle.crt": "nothing that either would let pass" } };
    return (await cp.api("PATCH", `${path}?dryRun=All`, probe)).status >= 400;
  });
}
