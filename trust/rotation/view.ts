import type { Certificate, Fingerprint } from "../x509/index.ts";

/**
 * What a rotation sees of one cluster at one moment, by the API server's own
 * clock. Pure data; no key in it. Whoever looks fills it in (cluster/rotation),
 * the planner only reads it.
 */
export interface RotationView {
  readonly now: Date;
  /** ConfigMap linkerd-identity-trust-roots; undefined where it is missing or identity would refuse its text. */
  readonly bundle?: LiveBundle;
  /** Secret linkerd-identity-issuer; undefined where it is missing or holds no issuer that can be read. */
  readonly issuer?: LiveIssuer;
  /** This rotation has kept the issuer that it replaced: there is a way back to it. */
  readonly keepsPrevious?: true;
  /** Identity, injector and destination, and whatever else of Linkerd's own reads the bundle as it starts. */
  readonly controlPlane: readonly Component[];
  /** What new pods get: the last proof, by dry-run pods. Undefined where none was tried since the bundle changed. */
  readonly injects?: { readonly anchors: readonly Certificate[]; readonly at: Date };
  /** Everything meshed outside the control plane, sorted by id. */
  readonly workloads: readonly Workload[];
  /** How long a leaf lives, clock skew allowance included, in milliseconds. */
  readonly leafLifetimeMs: number;
  /** Whose leaves were seen in handshakes; ProxyGroup.leafSeenAt rests on them. */
  readonly leavesSeen?: readonly LeafSeen[];
  /** Namespaces in which our account may not look at the leaves that proxies serve. */
  readonly leavesHiddenIn?: readonly string[];
  readonly ways: Ways;
}

/** A pod's proxy has served a leaf of that issuer, by the API server's clock. */
export interface LeafSeen {
  /** "shop/lonely". */
  readonly pod: string;
  /** When the pod was made: another of the same name is another. */
  readonly madeAt: Date;
  readonly issuer: Fingerprint;
  readonly seenAt: Date;
}

export interface LiveBundle {
  readonly anchors: readonly Certificate[];
  /** When its data was last written; undefined where the API server does not record it. */
  readonly changedAt?: Date;
}

export interface LiveIssuer {
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly changedAt?: Date;
  /** Identity is proven to sign with this certificate since then; undefined while it is not. */
  readonly inUse?: { readonly since: Date; readonly evidence: string };
  /** Identity said after the last write that it does not take it (IssuerUpdateSkipped). */
  readonly skipped?: { readonly at: Date; readonly message: string };
}

export type ComponentName = "identity" | "proxy-injector" | "destination";

export interface Component {
  /** ComponentName for the three; otherwise its own label. */
  readonly name: string;
  /** "deploy/linkerd-identity". */
  readonly workload: string;
  /** When the oldest of its running pods was made, those on their way out included. */
  readonly oldestPodAt?: Date;
  /** Some of them are on their way out: it is waited for them, and not restarted because of them. */
  readonly terminating?: true;
  readonly rollout: Rollout;
}

/** What a workload's own controller says of its pods. */
export interface Rollout {
  /** done: all pods are of the newest template and available. failed: its controller has given up, or it was given up on. */
  readonly state: "done" | "rolling" | "failed";
  /** Of how many pods. */
  readonly desired: number;
  readonly ready: number;
  /** Why it failed, or what it waits for, as its pods' events tell. */
  readonly trouble?: string;
  /**
   * When it was last restarted, by the API server's clock: the time in managedFields of who owns its
   * template's annotation kubectl.kubernetes.io/restartedAt. Asked for only where an expired mesh is
   * recovered, since there "rolling" may mean broken for days.
   */
  readonly restartedAt?: Date;
}

export interface Workload {
  /** "emojivoto/deploy/web", "default/pod/lonely". */
  readonly id: string;
  readonly namespace: string;
  /** Restarted by its own controller; otherwise why not, and what a person does about it. */
  readonly restartable: true | Obstacle;
  /** Why none of its pods may serve while its controller restarts it; undefined where some always do. */
  readonly downtime?: string;
  readonly rollout: Rollout;
  /** Its running proxies, alike ones together. */
  readonly proxies: readonly ProxyGroup[];
}

export type ObstacleKind =
  | "paused"
  | "on-delete"
  | "partition"
  | "bare-pod"
  | "job"
  | "no-controller"
  | "manual-injection"
  /** It did not run before the rotation touched it, and a restart may not make it run. */
  | "broken"
  | "excluded";

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** What to do, as one instruction: "Resume it: kubectl rollout resume deploy/web -n emojivoto." */
  readonly remedy: string;
}

export interface ProxyGroup {
  /** The anchors it was injected with; one array for all proxies of the same bundle. */
  readonly anchors: readonly Certificate[];
  readonly proxies: number;
  /** When the oldest and the newest of these pods was made. */
  readonly oldestAt: Date;
  readonly newestAt: Date;
  /** On their way out, and serving still: gates wait for them, and nobody is restarted because of them. */
  readonly terminating?: true;
  /** One of these should have ended long ago, and which: "web-1 on node-0". Its node may be gone. */
  readonly overdue?: string;
  /** Each of them has served a leaf of the live issuer in a handshake, the first of them then. */
  readonly leafSeenAt?: Date;
}

/** How the two objects are written here. */
export interface Ways {
  readonly bundle: Way;
  readonly issuer: Way;
}

export type Way =
  | { readonly by: "us" }
  /** The owner does it when asked: a Certificate is renewed, a source is added to a Bundle. */
  | { readonly by: "owner"; readonly owner: string }
  /** The owner would write it back: a person commits it where the owner reads. */
  | { readonly by: "commit"; readonly owner: string; readonly remedy: string };
