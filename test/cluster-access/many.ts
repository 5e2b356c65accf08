import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { injectedPod } from "../cluster/injected.ts";

/** Creates meshed pods of about 10 kB each, as they are in real clusters. They are placed, and nothing runs them. */
export async function createPods(cp: ControlPlane, count: number, bundle: string): Promise<void> {
  const namespace = "many";
  await cp.api("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await cp.api("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: "default" } });
  const filler = Object.fromEntries(
    Array.from({ length: 8 }, (_, at) => [`example.test/filler-${at}`, "filler ".repeat(40)]),
  );
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const work = async () => {
    for (const number of numbers) {
      const pod = injectedPod({ name: `app-${number % 300}`, namespace, bundle, kind: "Deployment" });
      pod.metadata.name = `app-${number % 300}-${number}`;
      // Placed, as if by a scheduler: one that is not does not count.
      pod.spec = { ...pod.spec, nodeName: "somewhere" };
      pod.metadata.annotations = { ...pod.metadata.annotations, ...filler };
      await mustApi(cp.api, "POST", `/api/v1/namespaces/${namespace}/pods`, pod);
    }
  };
  await Promise.all(Array.from({ length: 24 }, work));
}
