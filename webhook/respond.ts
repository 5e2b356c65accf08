import type { Finding } from "../trust/judge.ts";
import { allowAnnotation, reasonAnnotation } from "../trust/override.ts";
import type { Rule } from "../trust/rule.ts";
import { rules } from "../trust/rules/index.ts";
import type { Answer, Blind } from "./answer.ts";

export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: Status;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly causes: readonly Cause[] };
}

interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export const docsUrl = "https://github.com/linkerd-certs/linkerd-certs/blob/main/trust/rules/README.md";

/** The gate's answer in the words of admission.k8s.io/v1: the same text on every retry. */
export function respond(uid: string, answer: Answer | Blind): AdmissionResponse {
  if ("lost" in answer) return { uid, allowed: false, status: blindStatus(answer) };
  const { verdict } = answer;
  const warnings = warningsOf(answer);
  return {
    uid,
    allowed: verdict.allowed,
    ...(verdict.allowed ? {} : { status: refusal(verdict.denied) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    auditAnnotations: auditOf(answer),
  };
}

function blindStatus({ lost }: Blind): Status {
  const message = `linkerd-certs has lost sight of ${lost.join(" and ")} and will not guess; try again in a moment`;
  return { code: 503, reason: "ServiceUnavailable", message };
}

/** At most this many rules are told in full, and as many findings of one; the rest are counted. */
const toldInFull = 3;

// The first line must be enough: Argo CD and Flux show no more.
function refusal(denied: readonly Finding[]): Status {
  const byRule = Map.groupBy(denied, ({ rule }) => rule);
  const broken = [...byRule.keys()];
  const follows = (rule: Rule) => broken.some(({ id }) => rule.follows?.includes(id));
  const causes = broken.filter((rule) => !follows(rule));
  const message = [
    ...causes.slice(0, toldInFull).map((rule) => told(rule, byRule.get(rule) ?? [])),
    ...named("and", causes.slice(toldInFull)),
    ...named("and so", broken.filter(follows)),
    `To let it pass on purpose, annotate the object with ${allowAnnotation}: ` +
      `"${broken.map(({ id }) => id).join(",")}" and ${reasonAnnotation}.`,
  ].join("\n");
  const malformed = denied.filter(({ rule }) => rule.malformed !== undefined);
  if (malformed.length === 0) return { code: 403, reason: "Forbidden", message };
  const fields = malformed.map(({ rule, message: text }): Cause => {
    const field = rule.malformed === "issuer" ? "data" : 'data["ca-bundle.crt"]';
    return { reason: "FieldValueInvalid", field, message: text };
  });
  return { code: 422, reason: "Invalid", message, details: { causes: fields } };
}

function named(how: string, broken: readonly Rule[]): string[] {
  return broken.length === 0 ? [] : [`${how}: ${broken.map(({ id }) => id).join(", ")}`];
}

function told({ id, remedy }: Rule, findings: readonly Finding[]): string {
  const more = findings.length - toldInFull;
  return [
    ...findings
      .slice(0, toldInFull)
      .flatMap(({ message, detail }) => [
        `${message} [${id}]`,
        ...(detail === undefined ? [] : [`  why: ${detail}`]),
      ]),
    ...(more > 0 ? [`and ${more} more of the same rule`] : []),
    `  fix: ${remedy}`,
    `  see: ${docsUrl}#${id}`,
  ].join("\n");
}

/** Kubernetes asks for about 120 characters, cuts at 256 and drops all past 4,096 in sum. */
const longestWarning = 250;
const warningsTotal = 3500;

function warningsOf({ verdict, override, meshUnseen }: Answer): string[] {
  const ids = new Set(rules.map((rule) => rule.id));
  const unseen = verdict.notAsked
    .filter(({ missing }) => missing.includes("mesh"))
    .map(({ rule }) => rule.id);
  const all = [
    ...verdict.overridden.map(
      ({ rule, message }) => `let pass by ${allowAnnotation}: ${message} [${rule.id}]`,
    ),
    ...(override?.rules ?? [])
      .filter((id) => !ids.has(id))
      .map((id) => `${allowAnnotation} names ${id}, which is no rule`),
    ...(meshUnseen === undefined || unseen.length === 0
      ? []
      : [`the mesh cannot be seen (${meshUnseen}), so these were not asked: ${unseen.join(", ")}`]),
    ...verdict.warnings.map(({ rule, message }) => `${message} [${rule.id}]`),
  ].map((text) => (text.length > longestWarning ? `${text.slice(0, longestWarning - 1)}…` : text));
  return withinTotal(unique(all));
}

function withinTotal(texts: readonly string[]): string[] {
  const fitting: string[] = [];
  let left = warningsTotal;
  for (const text of texts) {
    left -= text.length;
    if (left < 0) return [...fitting, `and ${texts.length - fitting.length} more`];
    fitting.push(text);
  }
  return fitting;
}

function auditOf({ verdict, override, after }: Answer): Record<string, string> {
  const ids = (findings: readonly Finding[]) => unique(findings.map(({ rule }) => rule.id)).join(",");
  const entries: [string, string | undefined][] = [
    ["verdict", verdict.allowed ? (verdict.overridden.length > 0 ? "let-pass" : "allowed") : "denied"],
    ["denied", ids(verdict.denied)],
    ["let-pass", ids(verdict.overridden)],
    ["let-pass-reason", verdict.overridden.length === 0 ? undefined : (override?.reason ?? "none given")],
    ["warned", ids(verdict.warnings)],
    [
      "anchors",
      after.bundle?.anchors
        .map((anchor) => anchor.fingerprint)
        .slice(0, 16)
        .join(","),
    ],
    ["issuer", after.issuer?.certificate.fingerprint],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
