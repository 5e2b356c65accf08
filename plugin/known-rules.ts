import { ownerDocsOf, ownerRules } from "../trust/owners/index.ts";
import type { Severity } from "../trust/rule.ts";
import { docsOf, rules } from "../trust/rules/index.ts";
import { settingsDocs, settingsRules } from "./settings/suppress.ts";
import { clusterChecks } from "./survey/cluster-checks.ts";
import { observations } from "./survey/observations/index.ts";
import { observationDocs } from "./survey/observations/observation.ts";
import { manifestDocsOf, manifestReadable, manifestRules } from "./validate/finding.ts";

/** Something that a finding can be of, wherever it is asked. */
export interface KnownRule {
  readonly id: string;
  readonly severity: Severity;
  /** The healthy state, as a statement. */
  readonly summary: string;
  /** What comes of it where this is not so. */
  readonly breaks: string;
  /** What to do next. */
  readonly remedy: string;
  /** The address of its section. */
  readonly docs: string;
  readonly askedBy: readonly Asker[];
}

export type Asker = "guard" | "check" | "validate";

/** Everything that the guard, check and validate can report, each in its catalogue's reading order. */
export const knownRules: readonly KnownRule[] = [
  ...rules.map((rule) => {
    const guard = rule.scope === "state" ? [] : ["guard" as const];
    // What says something of a change only has nothing to say of a mesh as it is.
    const check = rule.needs.includes("previous") ? [] : ["check" as const];
    return known(rule, docsOf(rule.id), [...guard, ...check, "validate"]);
  }),
  ...ownerRules.map((rule) => known(rule, ownerDocsOf(rule.id), ["validate"])),
  ...[...observations, ...Object.values(clusterChecks)].map((one) =>
    known(one, observationDocs(one.id), ["check"]),
  ),
  ...Object.entries({ ...manifestRules, ...manifestReadable }).map(([id, rule]) =>
    known({ id, ...rule }, manifestDocsOf(id), ["validate"]),
  ),
  ...Object.entries(settingsRules).map(([id, rule]) =>
    known({ id, ...rule }, settingsDocs(id), ["check", "validate"]),
  ),
];

// Only these fields: the rules behind them hold functions, and more.
function known(
  { id, severity, summary, breaks, remedy }: Omit<KnownRule, "docs" | "askedBy">,
  docs: string,
  askedBy: readonly Asker[],
): KnownRule {
  return { id, severity, summary, breaks, remedy, docs, askedBy };
}
