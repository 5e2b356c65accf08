import type { Block, Step, Wait } from "../../trust/rotation/plan.ts";
import type { Stage } from "../../trust/rotation/stage.ts";
import type { LeafSeen } from "../../trust/rotation/view.ts";
import type { Fingerprint } from "../../trust/x509/index.ts";

/**
 * What a rotation tells while it goes: to a screen, to a stream of JSON, to the
 * journal. Plain data, in the order in which it happens; no key, no PEM. What
 * a listener has heard so far is all that it needs: nothing is left out that
 * only the loop knows.
 */
export type Happening =
  | Looked
  | StageReached
  | StepBegun
  | StepDone
  | StepFailed
  | WorkloadChanged
  | Waiting
  | Blocked
  | Warning
  | Proven
  | LeafShown
  | Unseen
  | SeenAgain
  | Ended;

/** Takes what happens, at once and without throwing. */
export type Listener = (happening: Happening) => void;

interface Told {
  /** By this machine's clock. */
  readonly at: Date;
  /** The cluster's name, as the user chose it: its context. */
  readonly cluster: string;
}

/** The first sight of a cluster, and again whenever one of these numbers is another. */
export interface Looked extends Told {
  readonly kind: "looked";
  readonly stage: Stage;
  /** How far the stage's own work is. */
  readonly progress: { readonly done: number; readonly of: number };
  /** Meshed workloads outside the control plane, and their proxies. */
  readonly workloads: number;
  readonly proxies: number;
  /** How many restarts of workloads are planned for this stage and not begun. */
  readonly toRestart: number;
}

export interface StageReached extends Told {
  readonly kind: "stage";
  readonly stage: Stage;
  /** Undefined at the first sight. A later stage than this one: somebody else has changed something. */
  readonly from?: Stage;
  /** Why the gates behind it hold. */
  readonly evidence: readonly string[];
}

export interface StepBegun extends Told {
  readonly kind: "step-begun";
  /** Of all steps of this run, so that its end is told from others'. */
  readonly id: number;
  readonly step: Step;
}

/** What was to be done has been done. A roll-out goes on by itself: see WorkloadChanged. */
export interface StepDone extends Told {
  readonly kind: "step-done";
  readonly id: number;
  readonly step: Step;
  readonly ms: number;
  /** What was done, as a sentence with fingerprints: 'ConfigMap linkerd/… holds "a" (3f9a1c02) and "b" (81c20d11)'. */
  readonly sentence: string;
}

export interface StepFailed extends Told {
  readonly kind: "step-failed";
  readonly id: number;
  readonly step: Step;
  readonly ms: number;
  readonly message: string;
  readonly hint: string;
  /** It is tried again, by itself; otherwise this ends the rotation. */
  readonly again: boolean;
}

/**
 * stale: to be restarted for this stage; rolling; fresh: nothing to do for this
 * stage; failed: did not come back; person: stale, and only a person can restart
 * it.
 */
export type WorkloadState = "stale" | "rolling" | "fresh" | "failed" | "person";

/** A workload, or a component of the control plane, is otherwise than last told. All are told at the first sight. */
export interface WorkloadChanged extends Told {
  readonly kind: "workload";
  /** "emojivoto/deploy/web"; a component by its workload in Linkerd's namespace: "linkerd/deploy/linkerd-identity". */
  readonly workload: string;
  readonly namespace: string;
  /** Set for the control plane's: "identity". */
  readonly component?: string;
  /** Undefined where it is gone. */
  readonly state?: WorkloadState;
  readonly ready: number;
  readonly desired: number;
  /** Why it failed, what it waits for, or why only a person can restart it. */
  readonly trouble?: string;
  /** How long the restart that this loop has begun took until all was well again. */
  readonly ms?: number;
}

/** All that is waited for now, whenever it is something else than before. */
export interface Waiting extends Told {
  readonly kind: "waiting";
  readonly waits: readonly Wait[];
}

/** All that only a person can do now, whenever it is something else than before; empty when it has been done. */
export interface Blocked extends Told {
  readonly kind: "blocked";
  readonly blocks: readonly Block[];
}

/** Something beside the way did not succeed, and is no reason to stop. Told once. */
export interface Warning extends Told {
  readonly kind: "warning";
  readonly message: string;
  readonly hint: string;
}

/** Identity signs with that issuer: to be kept in the journal, for it cannot be read off the cluster later. */
export interface Proven extends Told {
  readonly kind: "proven";
  readonly issuer: Fingerprint;
  readonly since: Date;
  readonly evidence: string;
}

/** A pod that nobody will restart has served a leaf of the live issuer: to be kept in the journal as well. */
export interface LeafShown extends Told, LeafSeen {
  readonly kind: "leaf";
}

/** The API server is not heard; the rest goes on, and so does this cluster when it is heard again. */
export interface Unseen extends Told {
  readonly kind: "unseen";
  readonly message: string;
  readonly hint: string;
}

export interface SeenAgain extends Told {
  readonly kind: "seen";
}

/** The last one. */
export interface Ended {
  readonly kind: "ended";
  readonly at: Date;
  /**
   * done: every cluster has reached its goal. paused: the stage asked for is
   * reached. blocked: a person has to do something first. not-in-time: no
   * progress within the time allowed. refused: the guard, or our own judgement,
   * would not have a write.
   */
  readonly outcome: "done" | "paused" | "blocked" | "not-in-time" | "refused" | "failed" | "interrupted";
  readonly message: string;
  /** What to do next, as one instruction; empty where there is nothing to do. */
  readonly hint: string;
  /** What is missing, cluster by cluster, where it ended early. */
  readonly missing: readonly string[];
}
