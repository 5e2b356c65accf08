import type { Finding } from "../trust/judge.ts";
import { allowAnnotation, reasonAnnotation } from "../trust/override.ts";
import type { Rule } from "../trust/rule.ts";
import { docsOf } from "../trust/rules/index.ts";
import type { Status } from "./respond.ts";

/** At most this many rules are told in full, and as many findings of one; the rest are counted. */
const toldInFull = 3;

/**
 * Why a write is refused, and the way out: malformed content as 422 with the
 * fields, policy as 403. The first line must be enough: Argo CD and Flux show
 * no more.
 */
export function denial(denied: readonly Finding[]): Status {
  const byRule = Map.groupBy(denied, ({ rule }) => rule);
  const broken = [...byRule.keys()];
  const follows = (rule: Rule) => broken.some(({ id }) => rule.follows?.includes(id));
  const causes = broken.filter((rule) => !follows(rule));
  const inFull = causes.slice(0, toldInFull);
  const rest = [
    ...named("and", causes.slice(toldInFull)),
    ...named("and so", broken.filter(follows)),
    `To let it pass on purpose, annotate the object with ${allowAnnotation}: ` +
      `"${broken.map(({ id }) => id).join(",")}" and ${reasonAnnotation}.`,
  ].join("\n");
  const texts = inFull.map((rule) => told(rule, byRule.get(rule) ?? []));
  const message = [...texts, rest].join("\n");
  if (!inFull.every(({ malformed }) => malformed !== undefined))
    return { code: 403, reason: "Forbidden", message };
  // kubectl prints the causes of what is invalid, and not the message: they must say it all.
  const fields = inFull.map((rule, i) => {
    const field = rule.malformed === "issuer" ? "data" : 'data["ca-bundle.crt"]';
    const text = i === inFull.length - 1 ? `${texts[i]}\n${rest}` : (texts[i] ?? "");
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
    `  see: ${docsOf(id)}`,
  ].join("\n");
}
