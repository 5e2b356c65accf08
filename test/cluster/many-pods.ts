import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type Injected, injectedPod } from "./injected.ts";
import { ensureNamespace, podsRun } from "./linkerd.ts";

/** Creates that many injected pods, of 50 named Deployments but without owners, and waits until all run. */
export async function manyPods(
  cp: ControlPlane,
  count: number,
  options: Omit<Injected, "name" | "kind" | "replicas">,
): Promise<void> {
  const namespace = options.namespace ?? "many";
  await ensureNamespace(cp, namespace);
  const nodes = await mustApi<{ items: { metadata: { name: string } }[] }>(cp.api, "GET", "/api/v1/nodes");
  // Names of nodes are given here: the scheduler would take several times as long.
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const templates = Array.from({ length: Math.min(50, count) }, (_, index) =>
    injectedPod({ ...options, namespace, name: `app-${index}`, kind: "Deployment" }),
  );
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const work = async () => {
    for (const number of numbers) {
      const pod = templates[number % templates.length];
      const nodeName = nodes.items[number % nodes.items.length]?.metadata.name;
      if (pod === undefined || nodeName === undefined)
        throw new Error("no node\nhint: start the control plane with nodes");
      const name = `${pod.metadata.name}-${number}`;
      const labels = { ...pod.metadata.labels, many: "pods" };
      await mustApi(cp.api, "POST", path, {
        ...pod,
        metadata: { ...pod.metadata, name, labels },
        spec: { ...pod.spec, nodeName },
      });
    }
  };
  await Promise.all(Array.from({ length: 24 }, work));
  await podsRun(cp, namespace, "many=pods", 300_000);
}
