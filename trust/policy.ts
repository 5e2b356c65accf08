import type { Thresholds } from "./facts.ts";
import type { Severity } from "./rule.ts";

/** How strict the guard is: what an administrator may set, with the defaults. */
export interface Policy {
  /** By rule id; a rule that is not named keeps its own severity. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  readonly thresholds: Thresholds;
}

export const defaultPolicy: Policy = {
  severities: {},
  thresholds: { remainingShare: 0.2, ceilingDays: 60 },
};
