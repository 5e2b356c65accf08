import { ownersPermissions } from "../../../cluster/owners/permissions.ts";
import { trustNamespaceOf } from "../../../cluster/owners/trust-namespace.ts";
import { kindsThere } from "../../../cluster/rotation/kinds-there.ts";
import { insistPermitted, missingPermissions } from "../../../cluster/rotation/preflight.ts";
import type { Seen } from "./plan-text.ts";
import type { Place } from "./session.ts";

/**
 * Whether our account may do all that the whole rotation will need, in every
 * cluster, before anything is written in any. Throws a Failure that names all
 * that is missing.
 */
export async function permitted(
  places: readonly Place[],
  seen: readonly Seen[],
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    places.map(async ({ seat: { cluster, name, trust } }) => {
      const { view, goal } = seen.find((one) => one.name === name) ?? {};
      // Another issuer leaves the bundle alone.
      const owners = goal?.kind === "issuer" ? { ...trust.owners, bundle: [] } : trust.owners;
      const namespaces = [...new Set(view?.workloads.map((workload) => workload.namespace))];
      const kinds = await kindsThere(cluster, signal);
      const trustNamespace = await trustNamespaceOf(cluster, signal);
      const also = ownersPermissions({ namespace, owners, trustNamespace });
      insistPermitted(
        await missingPermissions(cluster, { namespace, kinds, namespaces, also, signal }),
        name,
      );
    }),
  );
}
