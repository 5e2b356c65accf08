import { flagOf } from "../../trust/owners/flag-of.ts";
import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readAll } from "../read.ts";

/**
 * What the Deployment of that label app.kubernetes.io/name is told by a flag
 * ("trust-namespace"); its own namespace for $(POD_NAMESPACE). Undefined where
 * it is not told, or cannot be seen.
 */
export async function deploymentFlag(
  cluster: Cluster,
  app: string,
  flag: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { labelSelector: `app.kubernetes.io/name=${app}` };
  try {
    const project = (object: unknown) => flagOf(object, flag);
    const [found] = await readAll(cluster, "/apis/apps/v1/deployments", { query, signal, project });
    return found;
  } catch (error) {
    if (error instanceof Failure && error.status === 403) return undefined;
    throw error;
  }
}
