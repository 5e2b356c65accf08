import type { Certificate } from "../x509/index.ts";
import type { Stage } from "./stage.ts";

/** One thing that may be done now. Doing it twice does no harm. */
export type Step =
  | WriteBundle
  | { readonly kind: "write-issuer"; readonly why: string }
  /** A component of the control plane, whose name is in `component`. */
  | { readonly kind: "restart-component"; readonly component: string; readonly why: string }
  /** Pods made by dry-run show what the injector gives to new ones. */
  | { readonly kind: "prove-injector"; readonly anchors: readonly Certificate[]; readonly why: string }
  | { readonly kind: "restart-workload"; readonly workload: string; readonly why: string };

export interface WriteBundle {
  readonly kind: "write-bundle";
  /** All that it is to hold. */
  readonly anchors: readonly Certificate[];
  readonly adds: readonly Certificate[];
  readonly drops: readonly Certificate[];
  readonly why: string;
}

/** Something that comes about by itself, or by what was done: a roll-out, an event, the end of a leaf. */
export interface Wait {
  readonly what: string;
  /** Known only for what ends at a known time. */
  readonly until?: Date;
  /** The workload or component that is waited for. */
  readonly workload?: string;
}

/** Something that only a person can do, and without which there is no going on. */
export interface Block {
  readonly what: string;
  readonly remedy: string;
  readonly workload?: string;
}

/** What comes next, from what is seen and what is wanted. Everything empty and `done`: the goal is reached. */
export interface Plan {
  readonly stage: Stage;
  readonly done: boolean;
  /** To do now, in this order; those of different workloads may be done side by side. */
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  /** What a person must do. Steps may still be there: the rest goes on as far as it can. */
  readonly blocks: readonly Block[];
  /** Why the gates behind this stage hold, as sentences for the journal. */
  readonly evidence: readonly string[];
  /** How far the stage's own work is: workloads for which it holds, of all. */
  readonly progress: { readonly done: number; readonly of: number };
  /** The workloads for which it does not hold yet. */
  readonly left?: readonly string[];
}
