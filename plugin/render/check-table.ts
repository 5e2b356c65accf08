import { type Assessment, type Check, type CheckRun, resultOf } from "../survey/assessment.ts";
import type { Comparison } from "../survey/compare.ts";
import { anchorsSection, comparisonSection, proxiesSection, webhooksSection } from "./check-sections.ts";
import type { Style } from "./colour.ts";
import { placesTable } from "./places.ts";
import { timelineSection } from "./timeline.ts";

export type Detail = "table" | "wide" | "short";

/** As `linkerd check` writes it: groups of questions, what is wrong below each, the result at the end. */
export function checkTable(run: CheckRun, style: Style, detail: Detail): string {
  const blocks = run.clusters.flatMap(({ name, assessment, failure }) => {
    const head = run.clusters.length > 1 ? [heading(name, style, "=")] : [];
    if (failure !== undefined) {
      return [...head, `${mark("error", style)} ${failure.message}\n    ${failure.hint}\n`];
    }
    return assessment === undefined ? [] : [...head, ...assessed(assessment, style, detail)];
  });
  if (run.comparison !== undefined) blocks.push(...compared(run.comparison, style, detail));
  const result = resultOf(run);
  const failed = run.clusters.some(({ failure }) => failure !== undefined);
  const end = failed ? "error" : result === "skipped" ? "success" : result;
  return `${[...blocks, `Status check results are ${mark(end, style)}\n`].join("\n")}`;
}

function assessed(assessment: Assessment, style: Style, detail: Detail): string[] {
  const { survey, groups, timeline } = assessment;
  const blocks = groups.flatMap(({ name, checks }) => group(name, checks, style, detail));
  if (detail === "short") return blocks;
  const wide = detail === "wide";
  const sections = [
    ["anchors of the trust bundle", anchorsSection(survey, wide)],
    ["proxies by bundle", proxiesSection(survey, style, wide)],
    ["where anchors live", wide ? placesTable(survey.places) : ""],
    ["webhooks", wide ? webhooksSection(survey) : ""],
    ["what happens next", timelineSection(timeline, survey.at, style, wide)],
  ] as const;
  for (const [title, text] of sections) if (text !== "") blocks.push(`${heading(title, style)}${text}`);
  return [`${style.dim(`${survey.cluster}, Linkerd in ${survey.namespace}`)}\n`, ...blocks];
}

function compared(comparison: Comparison, style: Style, detail: Detail): string[] {
  const blocks = group("clusters", comparison.checks, style, detail);
  if (detail === "short") return blocks;
  return [...blocks, `${heading("who has which anchor", style)}${comparisonSection(comparison, style)}`];
}

function group(name: string, checks: readonly Check[], style: Style, detail: Detail): string[] {
  const shown = detail === "short" ? checks.filter(wrong) : checks;
  if (shown.length === 0) return [];
  return [`${heading(name, style)}${shown.map((check) => lines(check, style)).join("")}`];
}

function wrong({ result }: Check): boolean {
  return result === "error" || result === "warning";
}

function heading(title: string, style: Style, rule = "-"): string {
  return `${style.bold(title)}\n${rule.repeat(title.length)}\n`;
}

function lines(check: Check, style: Style): string {
  const { result, summary, findings, remedy, docs, why, note, suppressed = [] } = check;
  const below = [
    ...findings.flatMap(({ message, detail }) => [message, ...(detail === undefined ? [] : [`  ${detail}`])]),
    ...(wrong(check) ? [remedy, `see ${docs} for hints`] : []),
    ...(why === undefined ? [] : [`not asked: ${why}`]),
    ...(note === undefined ? [] : [style.dim(note)]),
    ...suppressed.flatMap((one) => [style.dim(one.message), style.dim(`  ${one.suppressed}`)]),
  ];
  return `${[`${mark(result, style)} ${summary}`, ...below.map((line) => `    ${line}`)].join("\n")}\n`;
}

function mark(result: Check["result"], { symbols, red, yellow, green, dim }: Style): string {
  const paint = { success: green, warning: yellow, error: red, skipped: dim }[result];
  return paint(symbols[result]);
}
