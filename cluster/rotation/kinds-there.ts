import type { Cluster } from "../connect.ts";
import type { WorkloadKind } from "./kinds.ts";

/** The kinds of workloads that this API server has: Kubernetes' own, and Argo Rollouts where it is installed. */
export async function kindsThere(cluster: Cluster, signal?: AbortSignal): Promise<readonly WorkloadKind[]> {
  const options = signal === undefined ? {} : { signal };
  const { status, body } = await cluster.request("GET", "/apis/argoproj.io/v1alpha1", options);
  const { resources = [] } = (status === 200 ? body : {}) as { resources?: readonly { name: string }[] }; // meta/v1 APIResourceList
  const rollouts = resources.some(({ name }) => name === "rollouts");
  return ["Deployment", "StatefulSet", "DaemonSet", ...(rollouts ? (["Rollout"] as const) : [])];
}
