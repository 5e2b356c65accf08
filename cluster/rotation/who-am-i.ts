import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";

/**
 * Who we are to the API server, as it writes it into its own audit log;
 * undefined where it does not say: before Kubernetes 1.28, or where nobody may ask.
 */
export async function whoAmI(cluster: Cluster, signal?: AbortSignal): Promise<string | undefined> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  try {
    const answer = await cluster.request("POST", path, { body, ...(signal === undefined ? {} : { signal }) });
    const review = answer.body as { status?: { userInfo?: { username?: string } } } | undefined; // authentication/v1
    return answer.status === 201 ? review?.status?.userInfo?.username : undefined;
  } catch (error) {
    if (error instanceof Failure && error.status === 403) return undefined;
    throw error;
  }
}
