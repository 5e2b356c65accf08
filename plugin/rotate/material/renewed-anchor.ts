import { ownersPermissions, renewalPermissions } from "../../../cluster/owners/permissions.ts";
import { type AnchorSource, anchorSource, renewAnchor } from "../../../cluster/owners/renew-anchor.ts";
import { trustNamespaceOf } from "../../../cluster/owners/trust-namespace.ts";
import { until } from "../../../cluster/owners/until.ts";
import { readOne } from "../../../cluster/read.ts";
import { kindsThere } from "../../../cluster/rotation/kinds-there.ts";
import { insistPermitted, missingPermissions } from "../../../cluster/rotation/preflight.ts";
import type { ConfigMap } from "../../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../../trust/gather/trust-roots.ts";
import { few, named } from "../../../trust/naming.ts";
import { ownersOf } from "../../../trust/owners/owner-of.ts";
import { without } from "../../../trust/rotation/anchors.ts";
import { type Certificate, readBundle } from "../../../trust/x509/index.ts";
import { UsageError } from "../../command.ts";
import { canAsk, confirm } from "../../material/prompt.ts";
import type { World } from "../../world.ts";
import { Refused } from "../goals.ts";
import { leaseOf } from "../lease-of.ts";
import type { GoingOptions } from "../options.ts";
import type { Seat } from "../seat.ts";

/** trust-manager writes within a second or two. */
const patienceMs = 60_000;

/**
 * --renew: has cert-manager make the new anchor, while trust-manager is made to
 * keep the old one. Gives it once the trust bundle holds both; nothing for a dry
 * run. Throws a Failure where these two do not make this bundle.
 */
export async function renewedAnchor(
  seats: readonly Seat[],
  { namespace, yes, dryRun }: GoingOptions,
  world: World,
): Promise<readonly Certificate[]> {
  const [seat, another] = seats;
  if (seat === undefined || another !== undefined)
    throw new UsageError("--renew is for one cluster: clusters that share an anchor take it from a file");
  const { cluster, trust } = seat;
  const { interrupted: signal, stderr } = world;
  const path = `/api/v1/namespaces/${namespace}/configmaps/${trustRootsName}`;
  const roots = (await readOne(cluster, path, { signal })) as ConfigMap | undefined; // the path says so
  const owner = ownersOf(roots?.metadata).find(({ kind }) => kind === "trust-manager");
  if (owner === undefined)
    throw new Refused(
      `trust-manager does not make ConfigMap ${namespace}/${trustRootsName}, so cert-manager's anchor would not get there`,
      "Bring the new anchor (--anchor FILE), or make one (--create DIR).",
    );
  const what = `Bundle ${owner.name} keeps ${few(trust.anchors.map(named))}, and cert-manager makes a new anchor beside it`;
  stderr.write(`${what}\n`);
  if (dryRun !== "none") return [];
  const trustNamespace = await trustNamespaceOf(cluster, signal);
  const source = await anchorSource({ cluster, bundle: owner.name, trustNamespace, signal });
  await insistMayRenew(seat, namespace, trustNamespace, source, signal);
  if (!yes && !canAsk(world)) throw new Refused("nothing is written without a yes", "Add --yes.");
  if (!yes && !(await confirm(`Renew the anchor in ${seat.name}?`, world)))
    throw new Refused("not confirmed; nothing was written", "Look first with: check.");
  // Two at once would have two anchors made, of which the second takes the first one's place.
  const { lease } = await leaseOf(seat, namespace, "rotate anchor --renew", world);
  const incoming = await renewAnchor({
    cluster,
    bundle: owner.name,
    trustNamespace,
    source,
    anchors: trust.anchors,
    now: world.clock(),
    signal,
    tell: (sentence) => stderr.write(`${sentence}\n`),
  }).finally(() => lease.release());
  const wanted = [...trust.anchors, ...incoming];
  const arrived = await until(
    async () => {
      const now = (await readOne(cluster, path, { signal })) as ConfigMap | undefined; // the path says so
      return without(wanted, readBundle(now?.data?.[bundleKey] ?? "").anchors).length === 0 || undefined;
    },
    { signal, timeoutMs: patienceMs },
  );
  if (arrived) return incoming;
  throw new Refused(
    `trust-manager has not brought ${few(incoming.map(named))} into the trust bundle within a minute`,
    "See what it says (kubectl describe bundles), then the same words without --renew.",
  );
}

/** All that the renewal needs, and the rotation after it but for the restarts: an anchor renewed in vain is in the way. */
async function insistMayRenew(
  { cluster, name, trust }: Seat,
  namespace: string,
  trustNamespace: string,
  { certificate, secret }: AnchorSource,
  signal: AbortSignal,
): Promise<void> {
  const also = [
    ...ownersPermissions({ namespace, owners: trust.owners, trustNamespace }),
    ...renewalPermissions(certificate),
    { verb: "get", group: "", resource: "secrets", namespace: trustNamespace, name: secret.name },
  ];
  const kinds = await kindsThere(cluster, signal);
  insistPermitted(
    await missingPermissions(cluster, { namespace, kinds, namespaces: [], also, signal }),
    name,
  );
}
