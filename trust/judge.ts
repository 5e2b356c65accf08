import type { Facts } from "./facts.ts";
import type { Policy } from "./policy.ts";
import type { FactName, Found, Rule, Severity } from "./rule.ts";

export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly message: string;
  readonly detail?: string;
  /** The object to look at. */
  readonly about: "trust-roots" | "issuer";
}

export interface NotAsked {
  readonly rule: Rule;
  readonly missing: readonly FactName[];
}

export interface Verdict {
  /** In the order of the catalogue, then of their messages. */
  readonly findings: readonly Finding[];
  /** Rules that could not be asked, and the facts they lacked. */
  readonly notAsked: readonly NotAsked[];
}

/** Asks every rule that the policy leaves on about one state. */
export function judge(rules: readonly Rule[], facts: Facts, policy: Policy): Verdict {
  const findings: Finding[] = [];
  const notAsked: NotAsked[] = [];
  for (const rule of rules) {
    const severity = policy.severities[rule.id] ?? rule.severity;
    if (severity === "off") continue;
    const missing = rule.needs.filter((name) => facts[name] === undefined);
    if (missing.length > 0) notAsked.push({ rule, missing });
    else findings.push(...asFindings(rule, severity, rule.check(facts)));
  }
  return { findings, notAsked };
}

/** Two findings are the same finding when rule and message are the same. */
export function sameFinding(finding: Finding): string {
  return `${finding.rule.id}\n${finding.message}`;
}

function asFindings(rule: Rule, severity: Severity, found: readonly Found[]): Finding[] {
  const usual = rule.id.startsWith("issuer-") ? "issuer" : "trust-roots";
  return found
    .map((one): Finding => {
      const { message, detail, ...more } = typeof one === "string" ? { message: one } : one;
      return { rule, severity, about: usual, message, ...more, ...(detail === undefined ? {} : { detail }) };
    })
    .sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
}
