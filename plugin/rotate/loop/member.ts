import type { Failure } from "../../../cluster/failure.ts";
import type { Outcome } from "../../../cluster/rotation/perform/outcome.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import type { LiveIssuer, RotationView } from "../../../trust/rotation/view.ts";

/** Takes what did not succeed and is no reason to stop: a sentence, and what to do about it. */
export type Warn = (message: string, hint: string) => void;

/** One cluster as the loop knows it: eyes and hands. */
export interface Member {
  /** As the user chose it: its context. */
  readonly name: string;
  readonly goal: Goal;
  /** As it is now; undefined while something of it is out of sight. */
  view(): RotationView | undefined;
  /** What keeps us from hearing of it now; it may still be seen as it was. */
  readonly failure: Failure | undefined;
  /** Called when something that is watched has changed; gives back how to end that. */
  onChange(listener: () => void): () => void;
  /** Looks at the leaves that these workloads' proxies serve; what is seen is in the view. */
  lookAtLeaves?(workloads: ReadonlySet<string>, issuer: LiveIssuer): void;
  /** A look at leaves is under way. */
  readonly looking?: boolean;
  /** Looks anew at everything, past the watches. Throws a Failure. */
  confirm(): Promise<void>;
  /** Asked before every step: throws a Failure where we may not write any more. */
  permit(): Promise<void>;
  /** Why we may never write here again; undefined while we may. */
  lost?(): Failure | undefined;
  /** Does one step of a plan for that view. Throws a Failure for what kept it from being tried. */
  perform(step: Step, view: RotationView, signal: AbortSignal, warn: Warn): Promise<Outcome>;
}
