import type { Merge } from "../material/merge.ts";
import { oneLine } from "./certificate.ts";
import type { Style } from "./colour.ts";

/** More than any mesh has; somebody's public CAs may be more. What goes is named in full. */
const most = 100;

/** What a merge brings and takes, a line an anchor: fingerprints, never PEM. */
export function mergeDiff(merge: Merge, style: Style): string {
  const { added, removed, stay, duplicates, remarks } = merge;
  const minus = style.symbols.success === "√" ? "−" : "-";
  const lines = [
    ...remarks.map((text) => `${style.yellow(style.symbols.warning)} ${text}`),
    ...added
      .slice(0, most)
      .map(
        ({ certificate, source, line }) =>
          style.green(`+ ${oneLine(certificate)}`) + style.dim(`  ${source}, line ${line}`),
      ),
    ...(added.length > most ? [style.green(`+ and ${added.length - most} more`)] : []),
    ...removed.map(
      ({ certificate, why }) => style.red(`${minus} ${oneLine(certificate)}`) + style.dim(`  ${why}`),
    ),
    ...(stay === 0 ? [] : [`= ${stay} ${stay === 1 ? "stays" : "stay"}`]),
    ...(duplicates === 0 ? [] : [`${duplicates} ${duplicates === 1 ? "duplicate" : "duplicates"} left out`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
