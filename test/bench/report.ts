import { type Figure, type Goal, isMet, ratioOf } from "./figures.ts";

/** The table: what was measured, both figures, their ratio, the goal, and whether it was met. */
export function renderTable(figures: readonly Figure[]): string {
  const who = figures[0]?.section === "plugin" ? ["plugin", "kubectl"] : ["guard", "peer"];
  const head = ["", ...who, "ratio", "goal", ""];
  const rows = figures.map((figure) => {
    const { what, unit, guard, peer, goal } = figure;
    const ratio = ratioOf(figure);
    return [
      what,
      `${rounded(guard)} ${unit}`,
      peer === undefined ? "" : `${rounded(peer)} ${unit}`,
      ratio === undefined ? "" : `${ratio.toFixed(2)}×`,
      goal === undefined ? "" : asText(goal, unit),
      verdict(figure),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return [head, ...rows].map((row) => line(row).trimEnd()).join("\n");
}

/** "11 of 14 goals met", and how many could not be told. */
export function renderSum(figures: readonly Figure[]): string {
  const withGoal = figures.filter(({ goal }) => goal !== undefined);
  const met = withGoal.filter((figure) => isMet(figure) === true).length;
  const open = withGoal.filter((figure) => isMet(figure) === undefined).length;
  return `${met} of ${withGoal.length} goals met${open > 0 ? `, ${open} not measurable here` : ""}`;
}

function asText({ kind, limit }: Goal, unit: string): string {
  if (kind === "at most") return `≤ ${limit} ${unit}`;
  return `${kind === "ratio at most" ? "≤" : "≥"} ${limit}×`;
}

function verdict(figure: Figure): string {
  if (figure.goal === undefined) return "";
  const met = isMet(figure);
  if (met === undefined) return "–";
  return met ? "√ met" : "× missed";
}

function rounded(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
