import { harmless } from "../../../trust/harmless.ts";
import { microTime } from "../../micro-time.ts";
import type { Host } from "../host.ts";

export const leaseName = "linkerd-certs-rotation";
/** Without a renewal for that long, anybody may take it over. */
export const leaseSeconds = 30;

/** Who holds the lease, as others read it. */
export interface Holder {
  /** "jane@laptop". */
  readonly who: string;
  readonly pid: number | undefined;
  readonly since: Date;
  /** What for, in a few words: "rotate anchor". */
  readonly purpose: string;
  readonly machine: string | undefined;
  /** Its own, in every run another. */
  readonly session: string | undefined;
}

/** The lease as it stands in the cluster. */
export interface LeaseRecord {
  readonly resourceVersion: string;
  /** Nobody holds it where that is undefined. */
  readonly holder?: Holder;
  /** When it was last written, by the API server's clock, or else by its holder's. */
  readonly writtenAt: Date;
  readonly durationMs: number;
}

export interface Applicant {
  /** Who we are to the API server. */
  readonly user: string;
  readonly host: Host;
  readonly purpose: string;
  readonly session: string;
}

const prefix = "linkerd-certs.io/";

/** What a new holder writes; as a merge-patch, or as the object itself. */
export function claim({ user, host, purpose, session }: Applicant, now: Date, transitions: number): object {
  return {
    metadata: {
      labels: { "app.kubernetes.io/managed-by": "linkerd-certs" },
      annotations: {
        [`${prefix}pid`]: String(host.pid),
        [`${prefix}machine`]: host.machine,
        [`${prefix}purpose`]: purpose,
        [`${prefix}session`]: session,
      },
    },
    spec: {
      holderIdentity: `${user}@${host.name}`,
      leaseDurationSeconds: leaseSeconds,
      acquireTime: microTime(now),
      renewTime: microTime(now),
      leaseTransitions: transitions,
    },
  };
}

export const renewal = (now: Date): object => ({ spec: { renewTime: microTime(now) } });

/** Nobody holds it any more. */
export const surrender: object = {
  metadata: {
    annotations: Object.fromEntries(
      ["pid", "machine", "purpose", "session"].map((key) => [prefix + key, null]),
    ),
  },
  spec: { holderIdentity: null, acquireTime: null, renewTime: null, leaseDurationSeconds: null },
};

/** coordination.k8s.io/v1 Lease */
interface LeaseObject {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly time?: string }[];
  };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** Who holds it and since when, as the Lease says; what others may have written there is made harmless. */
export function readLeaseObject(body: unknown): LeaseRecord & { readonly transitions: number } {
  const { metadata, spec = {} } = body as LeaseObject; // from a Lease's path
  const { annotations = {}, managedFields = [], creationTimestamp, resourceVersion } = metadata;
  const written = managedFields.flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)]));
  const fallback = Date.parse(spec.renewTime ?? creationTimestamp);
  const pid = Number(annotations[`${prefix}pid`]);
  const holder: Holder = {
    who: harmless(spec.holderIdentity ?? "", 200),
    pid: Number.isInteger(pid) && pid > 0 ? pid : undefined,
    since: new Date(spec.acquireTime ?? creationTimestamp),
    purpose: harmless(annotations[`${prefix}purpose`] ?? "a purpose that it does not name", 200),
    machine: annotations[`${prefix}machine`],
    session: annotations[`${prefix}session`],
  };
  return {
    resourceVersion,
    writtenAt: new Date(written.length > 0 ? Math.max(...written) : fallback),
    durationMs: (spec.leaseDurationSeconds ?? leaseSeconds) * 1000,
    transitions: spec.leaseTransitions ?? 0,
    ...(spec.holderIdentity ? { holder } : {}),
  };
}

export function leasePath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${leaseName}`;
}

/** Only what was seen is overwritten. */
export function patchOf(change: object, resourceVersion: string) {
  const { metadata = {}, ...rest } = change as { metadata?: object };
  return {
    contentType: "application/merge-patch+json",
    query: { fieldManager: "linkerd-certs" },
    body: { metadata: { ...metadata, resourceVersion }, ...rest },
  };
}
