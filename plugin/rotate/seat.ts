import type { Cluster } from "../../cluster/connect.ts";
import { patient } from "../../cluster/patient.ts";
import { readAll, readOne } from "../../cluster/read.ts";
import { readJournals, unfinished } from "../../cluster/rotation/journal/journal.ts";
import type { Recorded } from "../../cluster/rotation/journal/journal-object.ts";
import { whoAmI } from "../../cluster/rotation/who-am-i.ts";
import type { Scheme } from "../../trust/facts.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName, openIssuerSecret, schemeRead } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { controlPlaneLabel, type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { type Owner, ownersOf } from "../../trust/owners/owner-of.ts";
import { type Certificate, readBundle } from "../../trust/x509/index.ts";
import type { Arguments } from "../command.ts";
import { clusterDoor, type Door } from "../material/door.ts";
import type { World } from "../world.ts";

/** One cluster at the desk: how we reach it, who we are there, and what it says before a rotation begins. */
export interface Seat {
  /** Its context. */
  readonly name: string;
  readonly cluster: Cluster;
  /** "jane@laptop". */
  readonly who: string;
  readonly user: string;
  /** Every rotation that it remembers. */
  readonly recorded: readonly Recorded[];
  /** The one that was begun and not brought to an end. */
  readonly open: Recorded | undefined;
  readonly trust: TrustNow;
}

/** The two objects as they stand. No key. */
export interface TrustNow {
  readonly anchors: readonly Certificate[];
  readonly issuer?: { readonly certificate: Certificate; readonly intermediates: readonly Certificate[] };
  /** The layout of the issuer that identity reads; told where the Secret holds both. */
  readonly scheme?: Scheme;
  /** The mesh's, as the install records it. */
  readonly trustDomain?: string;
  /** Who writes the bundle, and the issuer. */
  readonly owners: { readonly bundle: readonly Owner[]; readonly issuer: readonly Owner[] };
}

export interface Seats {
  readonly all: readonly Seat[];
  readonly door: Door;
}

/** Reaches every cluster that the words name. Throws a Failure where one cannot be asked. */
export async function takeSeats(
  contexts: readonly (string | undefined)[],
  args: Arguments,
  world: World,
): Promise<Seats> {
  const door = clusterDoor(args, world, Number.POSITIVE_INFINITY);
  const namespace = args.text("linkerd-namespace") ?? "linkerd";
  try {
    const all = await Promise.all(
      contexts.map(async (context) => {
        const cluster = patient(await door.cluster(context), world.interrupted);
        return takeSeat(cluster, context, namespace, door, world);
      }),
    );
    return { all, door };
  } catch (error) {
    door.close();
    throw error;
  }
}

async function takeSeat(
  cluster: Cluster,
  context: string | undefined,
  namespace: string,
  { timeoutMs }: Door,
  { interrupted: signal, host }: World,
): Promise<Seat> {
  const place = { namespace, timeoutMs, signal };
  const [user = host.user, recorded, trust] = await Promise.all([
    whoAmI(cluster, signal),
    readJournals(cluster, place),
    readTrust(cluster, place),
  ]);
  const name = context ?? /^context "([^"]+)"/.exec(cluster.describe)?.[1] ?? "cluster";
  return { name, cluster, user, who: `${user}@${host.name}`, recorded, open: unfinished(recorded), trust };
}

/** The two objects, read now. Throws a Failure where the API server does not give them. */
export async function readTrust(
  cluster: Cluster,
  { namespace, ...options }: { namespace: string; timeoutMs: number; signal: AbortSignal },
): Promise<TrustNow> {
  const core = `/api/v1/namespaces/${namespace}`;
  const [roots, secret, config] = await Promise.all([
    readOne(cluster, `${core}/configmaps/${trustRootsName}`, options) as Promise<ConfigMap | undefined>,
    readOne(cluster, `${core}/secrets/${issuerSecretName}`, options) as Promise<Secret | undefined>,
    readOne(cluster, `${core}/configmaps/${installConfigName}`, options) as Promise<ConfigMap | undefined>,
  ]); // their paths say so
  const { anchors } = readBundle(roots?.data?.[bundleKey] ?? "");
  const opened = openIssuerSecret(secret);
  const both = Object.keys(opened.readings).length > 1;
  const scheme = both ? await schemeOfIdentity(cluster, namespace, options) : undefined;
  const [certificate, ...intermediates] = opened.readings[schemeRead(opened, scheme)]?.chain ?? [];
  const trustDomain = config === undefined ? undefined : openInstallConfig(config).trustDomain;
  return {
    anchors,
    owners: { bundle: ownersOf(roots?.metadata), issuer: ownersOf(secret?.metadata) },
    ...(certificate === undefined ? {} : { issuer: { certificate, intermediates } }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(trustDomain === undefined ? {} : { trustDomain }),
  };
}

/** As its pods were started: what the observer goes by, too. */
async function schemeOfIdentity(
  cluster: Cluster,
  namespace: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Scheme | undefined> {
  const schemes = await readAll(cluster, `/api/v1/namespaces/${namespace}/pods`, {
    ...options,
    query: { labelSelector: `${controlPlaneLabel}=${namespace}` },
    project: (pod) => proxyOf(pod as Pod, namespace)?.identity?.scheme, // the path says so
  });
  return schemes[0];
}
