import type { IssuerInUse } from "../../trust/issuer-in-use.ts";
import type { Comparison } from "./compare.ts";
import type { Moment } from "./timeline.ts";
import type { Survey } from "./types.ts";

/** A survey and what is to be said of it. */
export interface Assessment {
  readonly survey: Survey;
  readonly groups: readonly Group[];
  readonly issuerInUse: IssuerInUse;
  /** What happens next if nobody does anything, the soonest first. */
  readonly timeline: readonly Moment[];
}

export interface Group {
  readonly name: GroupName;
  readonly checks: readonly Check[];
}

export const groupNames = [
  "trust bundle",
  "anchors",
  "issuer",
  "control plane",
  "proxies",
  "webhook certificates",
  "settings",
] as const;
export type GroupName = (typeof groupNames)[number];

/** One question, and its answer. */
export interface Check {
  readonly id: string;
  /** The healthy state, as a statement. */
  readonly summary: string;
  readonly result: Result;
  readonly findings: readonly CheckFinding[];
  readonly remedy: string;
  readonly docs: string;
  /** Why it was not asked. */
  readonly why?: string;
  /** What a good answer rests on, where that is not plain. */
  readonly note?: string;
  /** What was found too, but somebody lives with for a while: it does not count. */
  readonly suppressed?: readonly SuppressedFinding[];
}

export type Result = "success" | "warning" | "error" | "skipped";

export interface CheckFinding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly detail?: string;
}

export interface SuppressedFinding extends CheckFinding {
  /** Until when, why, and where that is said. */
  readonly suppressed: string;
}

/** One call of check: what became of each cluster, in the order in which they were named. */
export interface CheckRun {
  readonly clusters: readonly ClusterOutcome[];
  /** With more than one cluster. */
  readonly comparison?: Comparison;
}

export interface ClusterOutcome {
  readonly name: string;
  /** Undefined where `failure` says why. */
  readonly assessment?: Assessment;
  readonly failure?: { readonly message: string; readonly hint: string };
}

/** The worst of all its answers. */
export function resultOf({ clusters, comparison }: CheckRun): Result {
  const groups = clusters.flatMap(({ assessment }) => assessment?.groups ?? []);
  const checks = [...groups.flatMap(({ checks }) => checks), ...(comparison?.checks ?? [])];
  return worst(checks.map(({ result }) => result));
}

/** The worst of them. */
export function worst(results: Iterable<Result>): Result {
  const seen = new Set(results);
  return (["error", "warning", "success"] as const).find((one) => seen.has(one)) ?? "skipped";
}
