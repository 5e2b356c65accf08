import type { Facts, Thresholds } from "../../trust/facts.ts";
import { issuerInUse } from "../../trust/issuer-in-use.ts";
import { judge, type Verdict } from "../../trust/judge.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import type { FactName, Found, Rule, Severity } from "../../trust/rule.ts";
import { docsOf, rules } from "../../trust/rules/index.ts";
import {
  type Assessment,
  type Check,
  type CheckFinding,
  type GroupName,
  groupNames,
  worst,
} from "./assessment.ts";
import { observations } from "./observations/index.ts";
import { observationDocs } from "./observations/observation.ts";
import { timelineOf } from "./timeline.ts";
import type { Survey } from "./types.ts";

export interface Soon {
  readonly anchor: Thresholds;
  readonly issuer: Thresholds;
}

const usual: Soon = { anchor: defaultPolicy.thresholds, issuer: defaultPolicy.thresholds };

/** Asks every rule that can be asked about a state, and everything that check looks at beside the rules. */
export function assess(survey: Survey, soon: Soon = usual): Assessment {
  const inUse = issuerInUse(survey);
  const ruled = rules
    // What says something of a change only has nothing to say here.
    .filter((rule) => !rule.needs.includes("previous"))
    .map((rule) => ({ group: groupOf(rule), check: askRule(rule, survey, soon) }));
  const observed = observations.flatMap((one) => {
    const found = one.look(survey, inUse);
    if (found === undefined) return [];
    const { id, group, summary, remedy, severity } = one;
    const findings = typeof found === "string" ? [] : found.map((finding) => asFinding(finding, severity));
    const check = checkOf({ id, summary, remedy, docs: observationDocs(id) }, findings);
    if (typeof found === "string") return [{ group, check: skipped(check, found) }];
    const note = findings.length === 0 ? one.note?.(inUse) : undefined;
    return [{ group, check: note === undefined ? check : { ...check, note } }];
  });
  const all = [...ruled, ...observed];
  return {
    survey,
    groups: groupNames
      .map((name) => ({ name, checks: all.filter(({ group }) => group === name).map(({ check }) => check) }))
      .filter(({ checks }) => checks.length > 0),
    issuerInUse: inUse,
    timeline: timelineOf(survey, inUse),
  };
}

function groupOf({ id }: Rule): GroupName {
  if (id === "issuer-trusted-by-proxies" || id.startsWith("proxies-")) return "proxies";
  if (id.startsWith("control-plane-")) return "control plane";
  if (id.startsWith("issuer-")) return "issuer";
  return id.startsWith("anchor-") ? "anchors" : "trust bundle";
}

function askRule(rule: Rule, survey: Survey, soon: Soon): Check {
  const thresholds = rule.id.startsWith("anchor-") ? soon.anchor : soon.issuer;
  const facts = { ...survey.facts, ...meshFor(rule, survey), thresholds };
  const { findings, notAsked }: Verdict = judge([rule], facts, defaultPolicy);
  const { id, summary, remedy } = rule;
  const check = checkOf(
    { id, summary, remedy, docs: docsOf(id) },
    findings.map(({ severity, message, detail }) =>
      asFinding({ message, ...(detail === undefined ? {} : { detail }) }, severity),
    ),
  );
  const missing = notAsked[0]?.missing[0];
  return missing === undefined ? check : skipped(check, whyMissing(missing, survey.facts));
}

// Its own namespace shows all of the control plane, and nothing of the other proxies.
function meshFor({ id }: Rule, { controlPlane }: Survey): Pick<Facts, "mesh"> {
  return id === "control-plane-fresh" && controlPlane !== undefined ? { mesh: controlPlane } : {};
}

function checkOf(
  about: Pick<Check, "id" | "summary" | "remedy" | "docs">,
  findings: readonly CheckFinding[],
): Check {
  const result = findings.length === 0 ? "success" : worst(findings.map(({ severity }) => severity));
  return { ...about, result, findings };
}

function skipped(check: Check, why: string): Check {
  return { ...check, result: "skipped", why };
}

function asFinding(found: Found, severity: Severity): CheckFinding {
  const words = (one: Severity) => (one === "deny" ? "error" : "warning");
  if (typeof found === "string") return { severity: words(severity), message: found };
  const { message, detail } = found;
  return {
    severity: words(found.severity ?? severity),
    message,
    ...(detail === undefined ? {} : { detail }),
  };
}

function whyMissing(missing: FactName, { trustRoots, issuerSecret, namespace }: Facts): string {
  switch (missing) {
    case "trustRoots":
      return `ConfigMap ${namespace}/linkerd-identity-trust-roots cannot be read`;
    case "bundle":
      return trustRoots === undefined
        ? `ConfigMap ${namespace}/linkerd-identity-trust-roots cannot be read`
        : "there is no trust bundle that Linkerd would read";
    case "issuerSecret":
      return `Secret ${namespace}/linkerd-identity-issuer cannot be read`;
    case "issuer":
      return issuerSecret === undefined
        ? `Secret ${namespace}/linkerd-identity-issuer cannot be read`
        : "there is no issuer that Linkerd would read";
    case "install":
      return `ConfigMap ${namespace}/linkerd-config is not in sight`;
    case "mesh":
      return "the pods of all namespaces cannot be read";
    default:
      return `${missing} is not known`;
  }
}
