import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";

/** The Prometheus Operator's kinds. */
export function prometheusKinds(cp: ControlPlane): Promise<void> {
  return takeAnything(cp, "monitoring.coreos.com", ["ServiceMonitor", "PrometheusRule"]);
}

/** cert-manager's, where nobody issues anything. */
export function certManagerKinds(cp: ControlPlane): Promise<void> {
  return takeAnything(cp, "cert-manager.io", ["Issuer", "Certificate"]);
}

/** The API server then takes whatever is written of them. */
async function takeAnything(cp: ControlPlane, group: string, kinds: readonly string[]): Promise<void> {
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
    await eventually(`${kind} is served, and known to be`, async () => {
      const { body } = await cp.api("GET", `/openapi/v3/apis/${group}/v1`);
      return (
        (await cp.api("GET", `/apis/${group}/v1/${plural}`)).status === 200 &&
        JSON.stringify(body).includes(`"${kind}"`)
      );
    });
  }
}
