import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { createDefinitions } from "../cluster/definitions.ts";
import { eventually } from "../cluster/eventually.ts";

/** The Prometheus Operator's kinds, as its own CRDs have them: what they do not know, the API server refuses. */
export async function prometheusKinds(cp: ControlPlane): Promise<void> {
  const from = {
    module: "prometheus-operator",
    pin: "github.com/prometheus-operator/prometheus-operator",
  };
  const kinds = ["ServiceMonitor", "PrometheusRule"];
  await createDefinitions(cp, from, "example/prometheus-operator-crd", kinds);
  await described(cp, "monitoring.coreos.com", kinds);
}

/** cert-manager's, where nobody issues anything; the API server takes whatever is written of them. */
export async function certManagerKinds(cp: ControlPlane): Promise<void> {
  const group = "cert-manager.io";
  const kinds = ["Issuer", "Certificate"];
  for (const kind of kinds) {
    const plural = `${kind.toLowerCase()}s`;
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    await mustApi(cp.api, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
      },
    });
  }
  await described(cp, group, kinds);
}

/** Served, and in the schema that kubectl and kubeconform read, which comes a moment later. */
async function described(cp: ControlPlane, group: string, kinds: readonly string[]): Promise<void> {
  for (const kind of kinds)
    await eventually(`${kind} is served, and known to be`, async () => {
      const { body } = await cp.api("GET", `/openapi/v3/apis/${group}/v1`);
      return (
        (await cp.api("GET", `/apis/${group}/v1/${kind.toLowerCase()}s`)).status === 200 &&
        JSON.stringify(body).includes(`"${kind}"`)
      );
    });
}
