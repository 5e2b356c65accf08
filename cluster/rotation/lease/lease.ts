import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { type Log, silent } from "../../log.ts";
import type { Host } from "../host.ts";
import { type HeldLease, holdLease } from "./lease-held.ts";
import {
  type Applicant,
  claim,
  type Holder,
  type LeaseRecord,
  leaseName,
  leasePath,
  patchOf,
  readLeaseObject,
} from "./lease-object.ts";

export interface LeaseOptions {
  /** Linkerd's. */
  readonly namespace: string;
  readonly applicant: Applicant;
  readonly clock: () => Date;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

export type Taken =
  | {
      readonly outcome: "taken";
      readonly lease: HeldLease;
      /** Who had it and why it could be taken, as one sentence; undefined where nobody had it. */
      readonly tookOver?: string;
    }
  | { readonly outcome: "held"; readonly by: Holder; readonly standing: Standing };

/** How alive a holder is. */
export interface Standing {
  /** It may be taken: why. */
  readonly free?: "nobody" | "lapsed" | "ended";
  /** For how long it was not renewed, and when it lapses if it never is. */
  readonly silentMs: number;
  readonly lapsesInMs: number;
}

/** Two API servers of one cluster may differ by as much, and they count whole seconds. */
const marginMs = 2_000;

/**
 * Takes the Lease that lets one run at a time rotate. It is free when nobody
 * holds it, when its holder has not renewed it for its whole duration by the
 * API server's clock, or when its holder was a process of this same machine
 * that has ended. Throws a Failure where the API server cannot be asked.
 */
export async function takeLease(cluster: Cluster, options: LeaseOptions): Promise<Taken> {
  const { namespace, applicant, clock, signal } = options;
  const path = leasePath(namespace);
  const sent = signal === undefined ? {} : { signal };
  for (let attempt = 0; attempt < 5; attempt++) {
    const seen = await cluster.request("GET", path, sent);
    if (seen.status === 404) {
      const body = newLease(namespace, claim(applicant, clock(), 0));
      const made = await cluster.request("POST", path.slice(0, path.lastIndexOf("/")), { body, ...sent });
      if (made.status === 201) return { outcome: "taken", lease: held(made.body) };
      if (made.status === 409) continue;
      throw odd(made.status, "made");
    }
    const record = readLeaseObject(seen.body);
    const standing = standingOf(record, seen.date ?? clock(), applicant.host);
    const { holder } = record;
    if (holder !== undefined && standing.free === undefined) return { outcome: "held", by: holder, standing };
    const asked = claim(applicant, clock(), record.transitions + 1);
    const taken = await cluster.request("PATCH", path, {
      ...patchOf(asked, record.resourceVersion),
      ...sent,
    });
    if (taken.status === 200) {
      const lease = held(taken.body);
      return holder === undefined
        ? { outcome: "taken", lease }
        : { outcome: "taken", lease, tookOver: overtaken(holder, standing) };
    }
    // Somebody was faster, or it was removed: look again.
    if (taken.status !== 409 && taken.status !== 404) throw odd(taken.status, "taken");
  }
  throw new Failure(`Lease ${namespace}/${leaseName} changes hands too fast`, "Try again in a minute.");

  function held(body: unknown): HeldLease {
    const { resourceVersion } = readLeaseObject(body);
    const { log = silent } = options;
    return holdLease(cluster, { path, session: applicant.session, resourceVersion, clock, log });
  }
}

/** Who holds it now, and whether it still could; undefined where nobody does. */
export async function readLease(
  cluster: Cluster,
  options: Pick<LeaseOptions, "namespace" | "clock" | "signal"> & { readonly host: Host },
): Promise<{ readonly holder: Holder; readonly standing: Standing } | undefined> {
  const { namespace, clock, signal, host } = options;
  const seen = await cluster.request("GET", leasePath(namespace), signal === undefined ? {} : { signal });
  if (seen.status !== 200) return undefined;
  const record = readLeaseObject(seen.body);
  if (record.holder === undefined) return undefined;
  return { holder: record.holder, standing: standingOf(record, seen.date ?? clock(), host) };
}

function standingOf(record: LeaseRecord, now: Date, host: Host): Standing {
  const { holder, writtenAt, durationMs } = record;
  const silentMs = Math.max(0, now.getTime() - writtenAt.getTime());
  const lapsesInMs = Math.max(0, durationMs + marginMs - silentMs);
  const times = { silentMs, lapsesInMs };
  if (holder === undefined) return { free: "nobody", ...times };
  if (lapsesInMs === 0) return { free: "lapsed", ...times };
  const ended = holder.machine === host.machine && holder.pid !== undefined && !host.isRunning(holder.pid);
  return ended ? { free: "ended", ...times } : times;
}

function overtaken({ who, purpose, since }: Holder, { free, silentMs }: Standing): string {
  const why =
    free === "ended" ? "its process has ended" : `it was not renewed for ${Math.round(silentMs / 1000)} s`;
  return `took the lease over from ${who} (${purpose}, since ${since.toISOString()}): ${why}`;
}

function newLease(namespace: string, claimed: object): object {
  const { metadata, ...rest } = claimed as { metadata: object };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: leaseName, namespace, ...metadata },
    ...rest,
  };
}

function odd(status: number, what: string): Failure {
  return new Failure(
    `the rotation's lease could not be ${what}: the API server answered ${status}`,
    `Look at it with: kubectl get lease ${leaseName} -o yaml, in Linkerd's namespace.`,
    { status },
  );
}
