import type { ManifestFinding } from "../validate/finding.ts";
import type { PredictedWrite, Report } from "../validate/report.ts";
import type { Style } from "./colour.ts";
import { counted } from "./counted.ts";

/** For people: what is wrong, where, and the remedy; short is a line for each finding and nothing else. */
export function validateTable(report: Report, style: Style, short: boolean): string {
  const { findings, predictions, betterOrder, notes, against, suppressed = [] } = report;
  if (short) return findings.map((one) => `${line(one, style)}\n`).join("");
  const lines = findings.flatMap((one) => [
    line(one, style),
    ...(one.detail === undefined ? [] : [`    ${style.dim(`why: ${one.detail}`)}`]),
    `    ${style.dim(`fix: ${one.remedy}`)}`,
    `    ${style.dim(`see: ${one.docs}`)}`,
  ]);
  for (const one of suppressed)
    lines.push(
      style.dim(`${one.place.file}:${one.place.line} ${one.message} [${one.rule}]: ${one.suppressed}`),
    );
  if (predictions.length > 0)
    lines.push(...(lines.length > 0 ? [""] : []), `What the guard answers, against ${against}:`);
  lines.push(...predictions.map((one) => prediction(one, style)));
  if (betterOrder !== undefined)
    lines.push(`In another order all of them pass: ${betterOrder.join(", then ")}.`);
  lines.push(...notes.map((note) => style.dim(`note: ${note}`)));
  return `${[...lines, summary(report, style)].join("\n")}\n`;
}

function line({ place, severity, message, rule }: ManifestFinding, style: Style): string {
  const paint = severity === "error" ? style.red : style.yellow;
  return `${paint(style.symbols[severity])} ${style.bold(`${place.file}:${place.line}`)} ${message} [${rule}]`;
}

function prediction(one: PredictedWrite, { symbols, red, green, yellow, dim }: Style): string {
  const { operation, allowed, object, rules, letPass, by } = one;
  const mark = allowed ? green(symbols.success) : red(symbols.error);
  const how = operation === "none" ? "unchanged" : operation.toLowerCase();
  const refused = by === "API server" ? "the API server refuses it" : `refused: ${rules.join(", ")}`;
  const end = allowed
    ? letPass.length === 0
      ? "passes"
      : yellow(`passes by its annotation: ${letPass.join(", ")}`)
    : refused;
  return `${mark} ${how} ${object} ${dim(`(${one.file}:${one.line})`)}: ${end}`;
}

function summary(report: Report, { symbols, green }: Style): string {
  const { findings, files, objects, unreadable, suppressed = [] } = report;
  const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const apart = suppressed.length === 0 ? "" : `; ${suppressed.length} suppressed`;
  const of = `${counted(objects, "object")} in ${counted(files, "file")}`;
  if (unreadable.length > 0)
    return `${of}: ${counted(errors, "error")}, ${counted(warnings, "warning")}; ${unreadable.length} could not be read${apart}`;
  if (errors + warnings === 0) return `${green(symbols.success)} ${of}: nothing is wrong${apart}`;
  return `${of}: ${counted(errors, "error")}, ${counted(warnings, "warning")}${apart}`;
}
