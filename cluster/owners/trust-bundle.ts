import type { ManagedField, ObjectMeta } from "../../trust/gather/objects.ts";
import { ownersOf } from "../../trust/owners/owner-of.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readOne } from "../read.ts";
import { type TrustBundleSpec, withAnchors } from "./inline-anchors.ts";

/** What trust-manager makes the ConfigMap from. */
export interface TrustBundle {
  readonly kind: "Bundle" | "ClusterBundle";
  readonly path: string;
  readonly object: TrustBundleObject;
}

interface TrustBundleObject {
  readonly metadata: Omit<ObjectMeta, "managedFields"> & {
    readonly name: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly managedFields?: readonly ManagedField[];
  };
  readonly spec?: TrustBundleSpec;
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
      readonly observedGeneration?: number;
    }[];
  };
}

const apis = {
  Bundle: "/apis/trust.cert-manager.io/v1alpha1/bundles",
  ClusterBundle: "/apis/trust-manager.io/v1alpha2/clusterbundles",
} as const;

/** The Bundle of that name, or the ClusterBundle. Throws a Failure where there is neither. */
export async function findTrustBundle(
  cluster: Cluster,
  name: string,
  signal: AbortSignal,
): Promise<TrustBundle> {
  // A Bundle that has been moved to the new API is there under both names, and only the new one counts.
  for (const kind of ["ClusterBundle", "Bundle"] as const) {
    const path = `${apis[kind]}/${name}`;
    const object = await readOne(cluster, path, { signal });
    if (object !== undefined) return { kind, path, object: object as TrustBundleObject }; // the path says so
  }
  throw new Failure(
    `trust-manager's Bundle ${name} is not there, though the ConfigMap says that it is made from it`,
    "See what writes the ConfigMap: kubectl get bundles,clusterbundles.",
  );
}

/**
 * Puts anchors into the Bundle's own text, and takes others out of it. What its
 * other sources bring is not touched. True where something was written. Throws
 * a Failure where somebody else keeps the Bundle, or it cannot be written.
 */
export async function writeInline(
  cluster: Cluster,
  { kind, path, object }: TrustBundle,
  change: { readonly adds: readonly Certificate[]; readonly drops: readonly Certificate[] },
  signal: AbortSignal,
): Promise<boolean> {
  const { metadata, spec = {} } = object;
  const next = withAnchors(spec, kind, change.adds, change.drops);
  if (next === undefined) return false;
  // trust-manager itself writes the status only; a chart's own Bundle comes back with the next upgrade, when this is over.
  const keeper = ownersOf(metadata).find(({ kind }) => kind === "argo-cd" || kind === "flux");
  if (keeper !== undefined)
    throw new Failure(
      `${kind} ${metadata.name} is kept by ${keeper.kind} ${keeper.name} (${keeper.evidence})`.trimEnd(),
      `Commit there that ${kind} ${metadata.name} brings both anchors, then go on.`,
    );
  const body = { metadata: { resourceVersion: metadata.resourceVersion }, spec: replaced(spec, next) };
  const query = { fieldManager: "linkerd-certs" };
  const contentType = "application/merge-patch+json";
  const { status } = await cluster.request("PATCH", path, { body, contentType, query, signal });
  if (status < 300) return true;
  if (status === 409) return false;
  throw new Failure(
    `the API server answered ${status} to the change of ${kind} ${metadata.name}`,
    "Look at it.",
    {
      status,
    },
  );
}

/** trust-manager has taken the Bundle up as it is now: a word of it where it could not. */
export function taken({
  object,
}: TrustBundle): { readonly ok: boolean; readonly message: string } | undefined {
  const { generation } = object.metadata;
  const synced = object.status?.conditions?.find(({ type }) => type === "Synced");
  if (synced === undefined || (synced.observedGeneration ?? 0) < (generation ?? 0)) return undefined;
  return { ok: synced.status === "True", message: (synced.message ?? "").replace(/\s+/g, " ").slice(0, 300) };
}

// A merge-patch takes away only what it names.
function replaced(before: TrustBundleSpec, after: TrustBundleSpec): object {
  const gone = Object.keys(before).filter((key) => !(key in after));
  return { ...after, ...Object.fromEntries(gone.map((key) => [key, null])) };
}
