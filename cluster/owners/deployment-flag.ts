import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readAll } from "../read.ts";

interface Deployment {
  readonly metadata: { readonly namespace: string };
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { readonly args?: readonly string[] }[] };
    };
  };
}

/**
 * What the Deployment of that label app.kubernetes.io/name is told by a flag
 * ("--trust-namespace"); its own namespace for $(POD_NAMESPACE). Undefined where
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
    const [found] = await readAll(cluster, "/apis/apps/v1/deployments", {
      query,
      signal,
      project: (object) => {
        const { metadata, spec } = object as Deployment; // the path says so
        const args = spec?.template?.spec?.containers?.flatMap(({ args = [] }) => args) ?? [];
        const value = args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
        return value === "$(POD_NAMESPACE)" ? metadata.namespace : value;
      },
    });
    return found;
  } catch (error) {
    if (error instanceof Failure && error.status === 403) return undefined;
    throw error;
  }
}
