import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type Injected, injectedPod } from "./injected.ts";
import { ensureNamespace } from "./linkerd.ts";
import type { Pod } from "./objects.ts";
import { running } from "./running.ts";

/**
 * Creates that many injected pods, all running: of 50 Deployments by their labels, but without owners.
 * What the scheduler and kwok would do for each is done here, which takes a third of the time.
 */
export async function manyPods(
  cp: ControlPlane,
  count: number,
  options: Omit<Injected, "name" | "kind" | "replicas">,
): Promise<void> {
  const namespace = options.namespace ?? "many";
  await ensureNamespace(cp, namespace);
  const nodes = await nodeNames(cp);
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const work = async () => {
    for (const number of numbers) {
      const app = `app-${number % 50}`;
      const pod = injectedPod({ ...options, namespace, name: app, kind: "Deployment" });
      pod.metadata.name = `${app}-${number}`;
      await createRunning(cp, pod, nodes[number % nodes.length], number);
    }
  };
  // Else kwok does the same work once more; what it finds running when it starts it leaves alone.
  await cp.kwok.stop();
  await Promise.all(Array.from({ length: 24 }, work));
  await cp.kwok.start();
}

async function createRunning(
  cp: ControlPlane,
  pod: Pod,
  nodeName: string | undefined,
  number: number,
): Promise<void> {
  if (nodeName === undefined)
    throw new Error("there is no node\nhint: start the control plane with kwok and nodes");
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods`;
  await mustApi(cp.api, "POST", path, { ...pod, spec: { ...pod.spec, nodeName } });
  const { status } = running(pod, new Date(), `10.245.${number >> 8}.${number & 255}`);
  await mustApi(cp.api, "PATCH", `${path}/${pod.metadata.name}/status`, { status });
}

async function nodeNames(cp: ControlPlane): Promise<readonly string[]> {
  const { items } = await mustApi<{ items: { metadata: { name: string } }[] }>(
    cp.api,
    "GET",
    "/api/v1/nodes",
  );
  return items.map(({ metadata }) => metadata.name);
}
