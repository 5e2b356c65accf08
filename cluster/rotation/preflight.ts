import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import type { WorkloadKind } from "./kinds.ts";
import { type Permission, permissionsNeeded, permissionText, restartsNeeded } from "./permissions.ts";

export interface PreflightOptions {
  /** Linkerd's own. */
  readonly namespace: string;
  readonly kinds: readonly WorkloadKind[];
  /** Where something meshed runs. */
  readonly namespaces: readonly string[];
  /** What is needed besides, of those who make the two objects. */
  readonly also?: readonly Permission[];
  readonly signal?: AbortSignal;
}

/**
 * What a rotation will have to do and our account may not, before it writes
 * anything. Empty: all is permitted. Throws a Failure where the API server
 * cannot be asked.
 */
export async function missingPermissions(cluster: Cluster, options: PreflightOptions): Promise<Permission[]> {
  const { namespace, kinds, namespaces, also = [], signal } = options;
  const ask = (permission: Permission) => permitted(cluster, permission, signal);
  const needed = [...permissionsNeeded({ namespace, kinds }), ...also];
  const restarts = restartsNeeded(kinds);
  const [inside, everywhere] = await Promise.all([
    Promise.all(needed.map(ask)),
    Promise.all(restarts.map(ask)),
  ]);
  // Who may not everywhere may still where it counts.
  const one = restarts.filter((_, at) => everywhere[at] === false);
  const there = one.flatMap((permission) => namespaces.map((where) => ({ ...permission, namespace: where })));
  const answers = await Promise.all(there.map(ask));
  return [...needed.filter((_, at) => !inside[at]), ...there.filter((_, at) => !answers[at])];
}

/** All that is missing, at once. */
export function insistPermitted(missing: readonly Permission[], where: string): void {
  if (missing.length === 0) return;
  const texts = missing.map(permissionText);
  throw new Failure(
    `in ${where} your account may not: ${texts.join("; ")}`,
    "Ask a cluster administrator for these permissions; nothing was written.",
  );
}

async function permitted(
  cluster: Cluster,
  permission: Permission,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { status, body } = await cluster.request(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    {
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: permission },
      },
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const { status: said } = (body ?? {}) as { status?: { allowed?: boolean } }; // authorization/v1
  // Who cannot be asked (an API server without it) is found out by doing.
  return status !== 201 || said?.allowed === true;
}
