import { allowAnnotation } from "../trust/override.ts";
import { rules } from "../trust/rules/index.ts";
import type { Answer } from "./answer.ts";

/** Kubernetes asks for about 120 characters, cuts at 256 and drops all past 4,096 in sum. */
const longestWarning = 250;
const warningsTotal = 3500;

/** What is worth saying besides yes or no, each on a line of its own. */
export function warningsOf({ verdict, override, meshUnseen }: Answer): string[] {
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
    // Beside a refusal, what else the refused write would bring is noise.
    ...(verdict.allowed ? verdict.warnings : []).map(({ rule, message }) => `${message} [${rule.id}]`),
  ].map((text) => (text.length > longestWarning ? `${text.slice(0, longestWarning - 1)}…` : text));
  return withinTotal([...new Set(all)]);
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
