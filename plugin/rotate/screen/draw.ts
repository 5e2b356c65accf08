import type { Style } from "../../render/colour.ts";
import { drawTree } from "../../render/tree.ts";
import { clusterNode, type Detail, type Node } from "./cluster-node.ts";
import { fit, widthOf } from "./fit.ts";
import type { ScreenState } from "./state.ts";
import { span, type Words } from "./words.ts";

export interface Canvas {
  readonly now: Date;
  readonly style: Style;
  readonly words: Words;
  readonly columns: number;
  /** No more lines than that. */
  readonly rows: number;
}

/** The most that fits is shown: from everything to a line for each cluster. */
const details: readonly Detail[] = [
  { namespaces: 50, workloads: 20, waits: 5 },
  { namespaces: 12, workloads: 8, waits: 4 },
  { namespaces: 8, workloads: 4, waits: 3 },
  { namespaces: 4, workloads: 2, waits: 2 },
  { namespaces: 3, workloads: 0, waits: 1 },
  { namespaces: 0, workloads: 0, waits: 1 },
  { namespaces: 0, workloads: 0, waits: 0 },
];

/** The screen of a rotation as lines, none longer than the terminal is wide, and no more than it is high. */
export function drawScreen(state: ScreenState, title: readonly string[], canvas: Canvas): readonly string[] {
  const { columns, rows, now, style } = canvas;
  const ascii = style.symbols.success === "+";
  const elapsed = state.begun === undefined ? "" : span(now.getTime() - state.begun.getTime());
  const [first = "", ...more] = title;
  const head = [spread(style.bold(first), elapsed, columns), ...more];
  const fitted = (line: string) =>
    ascii ? fit(line.replaceAll("…", "..."), columns, ">") : fit(line, columns);
  let lines: readonly string[] = [];
  for (const detail of details) {
    const nodes = [...state.clusters.values()].map((cluster) => clusterNode(cluster, detail, canvas));
    lines = [...head, ...linesOf(nodes, ascii)].map(fitted);
    if (lines.length <= rows) return lines;
  }
  const shown = lines.slice(0, Math.max(0, rows - 1));
  return rows < 1 ? [] : [...shown, fitted(style.dim(`and ${lines.length - shown.length} more lines`))];
}

function linesOf(nodes: readonly Node[], ascii: boolean): readonly string[] {
  const drawing = { ascii, lines: ({ lines }: Node) => lines, children: ({ children }: Node) => children };
  return drawTree(nodes, drawing).trimEnd().split("\n");
}

/** The second at the right edge, where there is room. */
function spread(left: string, right: string, columns: number): string {
  const gap = columns - widthOf(left) - right.length;
  return gap < 2 ? left : `${left}${" ".repeat(gap)}${right}`;
}
