import {
  type Assessment,
  type Check,
  type CheckFinding,
  type CheckRun,
  type Group,
  type SuppressedFinding,
  worst,
} from "../survey/assessment.ts";
import { objectOf } from "../survey/object-of.ts";
import type { Settings } from "./settings.ts";
import { expiredIn, settingsDocs, settingsRules, spokenSuppression, suppressionOf } from "./suppress.ts";

/** What check found, as the settings want it: other severities, and what is suppressed set apart. */
export function treatCheck(run: CheckRun, settings: Settings, now: Date): CheckRun {
  if (settings.rules.size === 0 && settings.suppressions.length === 0) return run;
  const treat = (check: Check, object?: string) =>
    suppressed(weighed(check, settings), settings, now, object);
  let expired = expiredGroup(settings, now);
  const clusters = run.clusters.map(({ assessment, ...outcome }) => {
    if (assessment === undefined) return outcome;
    const groups = assessment.groups.map(({ name, checks }) => ({
      name,
      checks: checks.map((check) => treat(check, objectOf(name, assessment.survey.namespace))),
    }));
    // Once, however many clusters there are.
    const more = expired;
    expired = [];
    return { ...outcome, assessment: { ...assessment, groups: [...groups, ...more] } satisfies Assessment };
  });
  const { comparison } = run;
  if (comparison === undefined) return { clusters };
  return { clusters, comparison: { ...comparison, checks: comparison.checks.map((check) => treat(check)) } };
}

function weighed(check: Check, { rules }: Settings): Check {
  const wanted = rules.get(check.id);
  if (wanted === undefined || check.result === "skipped") return check;
  const { severity: weight, place } = wanted;
  if (weight === "off") return { ...check, result: "skipped", findings: [], why: `it is off in ${place}` };
  const severity = weight === "deny" ? ("error" as const) : ("warning" as const);
  return resulting(
    check,
    check.findings.map((finding) => ({ ...finding, severity })),
  );
}

function suppressed(check: Check, settings: Settings, now: Date, object?: string): Check {
  const kept: CheckFinding[] = [];
  const apart: SuppressedFinding[] = [];
  for (const finding of check.findings) {
    const about = { rule: check.id, ...finding, ...(object === undefined ? {} : { object }) };
    const by = suppressionOf(about, settings, now);
    if (by === undefined) kept.push(finding);
    else apart.push({ ...finding, suppressed: spokenSuppression(by) });
  }
  return apart.length === 0 ? check : { ...resulting(check, kept), suppressed: apart };
}

function resulting(check: Check, findings: readonly CheckFinding[]): Check {
  const result = findings.length === 0 ? "success" : worst(findings.map(({ severity }) => severity));
  return { ...check, findings, result: check.result === "skipped" ? "skipped" : result };
}

function expiredGroup(settings: Settings, now: Date): readonly Group[] {
  const findings = expiredIn(settings, now).map(
    ({ message, place }): CheckFinding => ({
      severity: "warning",
      message,
      detail: `${place.file}:${place.line}`,
    }),
  );
  if (findings.length === 0) return [];
  const id = "suppression-not-expired";
  const { summary, remedy } = settingsRules[id];
  const check: Check = { id, summary, remedy, docs: settingsDocs(id), result: "warning", findings };
  return [{ name: "settings", checks: [check] }];
}

/** What is suppressed in a run, to be told whatever the format is. */
export function countSuppressed({ clusters, comparison }: CheckRun): number {
  const checks = clusters
    .flatMap(({ assessment }) => assessment?.groups ?? [])
    .flatMap((group) => group.checks);
  return [...checks, ...(comparison?.checks ?? [])].reduce(
    (sum, one) => sum + (one.suppressed?.length ?? 0),
    0,
  );
}
