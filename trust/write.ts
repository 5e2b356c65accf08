import type { Facts } from "./facts.ts";
import { type Finding, judge, type NotAsked, sameFinding } from "./judge.ts";
import type { Policy } from "./policy.ts";
import type { Rule } from "./rule.ts";

export interface WriteVerdict {
  readonly allowed: boolean;
  /** Errors that this write introduces: why it is refused. */
  readonly denied: readonly Finding[];
  /** Errors that it introduces and that its annotation lets pass. */
  readonly overridden: readonly Finding[];
  /** Errors that were there before, and everything that is only worth a warning. */
  readonly warnings: readonly Finding[];
  readonly notAsked: readonly NotAsked[];
}

/**
 * Judges a change. **A write is denied only for an error that it introduces**:
 * one that is found after it and was not found before it. What was already
 * wrong is a warning, so that a bad object can still be labelled and a repair
 * may take several steps.
 *
 * `after.previous` must be `before`; `allow` names the rules that the object's
 * own annotation lets pass (break-glass).
 */
export function judgeWrite(
  rules: readonly Rule[],
  before: Facts,
  after: Facts,
  policy: Policy,
  allow: ReadonlySet<string> = new Set(),
): WriteVerdict {
  const asked = rules.filter((rule) => rule.scope !== "state");
  const verdict = judge(asked, after, policy);
  // What was found before matters only where there is an error now; mostly there is none.
  const wrong = verdict.findings.some(({ severity }) => severity === "deny");
  const already = new Set((wrong ? judge(asked, before, policy).findings : []).map(sameFinding));
  const introduced = (finding: Finding) => finding.severity === "deny" && !already.has(sameFinding(finding));

  const errors = verdict.findings.filter(introduced);
  const denied = errors.filter((finding) => !allow.has(finding.rule.id));
  return {
    allowed: denied.length === 0,
    denied,
    overridden: errors.filter((finding) => allow.has(finding.rule.id)),
    warnings: verdict.findings.filter((finding) => !introduced(finding)),
    notAsked: verdict.notAsked,
  };
}
