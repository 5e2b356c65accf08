import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { readOne } from "../../cluster/read.ts";
import type { ConfigMap } from "../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { type Owner, ownersOf } from "../../trust/owners/owner-of.ts";
import { type Material, openMaterial } from "./open.ts";

/** How our writes are told from others'. Flux strips whatever begins with "kubectl". */
const fieldManager = "linkerd-certs";

/** The live bundle, as it is now. */
export interface Live {
  readonly material: Material;
  readonly text: string;
  /** Undefined where there is no such ConfigMap. */
  readonly version?: Version;
  /** Who would write it back. */
  readonly owners: readonly Owner[];
}

/** One state of one object: the uid as well, for an apply would make anew what was deleted. */
export interface Version {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface Request {
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Reads the ConfigMap; where there is none, an empty text without a version. */
export async function readLive(cluster: Cluster, request: Request): Promise<Live> {
  const { namespace, timeoutMs, signal } = request;
  const body = await readOne(cluster, pathIn(namespace), { timeoutMs, signal });
  const object = body as (ConfigMap & { metadata?: Version }) | undefined; // the path says so
  const text = object?.data?.[bundleKey] ?? "";
  const name = `ConfigMap ${namespace}/${trustRootsName}, ${bundleKey}`;
  const { uid, resourceVersion } = object?.metadata ?? {};
  return {
    text,
    material: openMaterial({ name, bytes: Buffer.from(text) }),
    owners: ownersOf(object?.metadata),
    ...(uid === undefined || resourceVersion === undefined ? {} : { version: { uid, resourceVersion } }),
  };
}

export interface Write extends Request {
  readonly text: string;
  /** What the write was decided on: if somebody else has written since, nothing is written. */
  readonly version: Version | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** written; or who would not have it, and why. */
export type Written =
  | { readonly outcome: "written" }
  | { readonly outcome: "denied" | "conflict" | "changed"; readonly message: string };

/** Server-side apply, so that only the bundle itself is ours and all else in the ConfigMap stays. */
export async function writeBundle(cluster: Cluster, write: Write): Promise<Written> {
  const { namespace, text, version, dryRun, timeoutMs, signal } = write;
  // Where there was none to look at, one that has come meanwhile is nothing that anybody agreed to replace.
  const force = write.force && version !== undefined;
  const metadata = { name: trustRootsName, namespace, ...version };
  try {
    const { status, body } = await cluster.request("PATCH", pathIn(namespace), {
      contentType: "application/apply-patch+yaml",
      query: { fieldManager, force, ...(dryRun ? { dryRun: "All" } : {}) },
      body: { apiVersion: "v1", kind: "ConfigMap", metadata, data: { [bundleKey]: text } },
      timeoutMs,
      signal,
    });
    if (status === 200 || status === 201) return { outcome: "written" };
    const { message = `the API server answered ${status}`, details } = (body ?? {}) as Status; // meta/v1 Status
    if (status === 409) {
      const owned = details?.causes?.some(({ reason }) => reason === "FieldManagerConflict");
      return { outcome: owned && version !== undefined ? "conflict" : "changed", message };
    }
    return { outcome: "denied", message };
  } catch (error) {
    // A webhook's answer, rather than a permission that is missing.
    if (error instanceof Failure && error.status === 403 && /denied the request/.test(error.message))
      return { outcome: "denied", message: error.message };
    throw error;
  }
}

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string }[] };
}

const pathIn = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps/${trustRootsName}`;
