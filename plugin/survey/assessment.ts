import type { IssuerInUse } from "./issuer-in-use.ts";
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
  "clusters",
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
}

export type Result = "success" | "warning" | "error" | "skipped";

export interface CheckFinding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly detail?: string;
}

/** The worst of them. */
export function worst(results: Iterable<Result>): Result {
  const seen = new Set(results);
  return (["error", "warning", "success"] as const).find((one) => seen.has(one)) ?? "skipped";
}
