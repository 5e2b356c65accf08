import { legend, type Panel } from "../chart/dashboard.ts";
import type { Series } from "../chart/prometheus.ts";
import { type Line, plot } from "./plot.ts";
import { inUnit } from "./units.ts";

/** A panel and, for each of its targets, what Prometheus answered. */
export interface Answered {
  readonly panel: Panel;
  readonly answers: readonly (readonly Series[])[];
}

export const width = 1400;
const unitHeight = 26;
const pad = 6;
// Grafana's own colours for lines, and its names of colours.
const palette = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#37872d", "#8ab8ff"];
const colours: Readonly<Record<string, string>> = { red: "#d44a3a", yellow: "#9e7d0a", green: "#2f8f46" };

/** The dashboard's panels where its JSON places them, as a page of HTML and SVG without scripts. */
export function dashboardPage(all: readonly Answered[], from: Date, to: Date): string {
  const span = { from: from.getTime() / 1000, to: to.getTime() / 1000 };
  const bottom = Math.max(...all.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const drawn = all.map((one) => placed(one, span)).join("\n");
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>
<body style="width:${width}px;height:${bottom * unitHeight + pad}px">${drawn}</body>`;
}

function placed({ panel, answers }: Answered, span: { from: number; to: number }): string {
  const { x, y, w, h } = panel.gridPos;
  const box = { width: (w / 24) * (width - pad) - pad, height: h * unitHeight - pad };
  const at = `left:${(x / 24) * (width - pad) + pad}px;top:${y * unitHeight + pad}px;width:${box.width}px;height:${box.height}px`;
  if (panel.type === "row") return `<h2 style="${at}">${text(panel.title)}</h2>`;
  const inside = panel.type === "stat" ? stats(panel, answers) : lines(panel, answers, span, box);
  return `<section style="${at}"><h3>${text(panel.title)}</h3>${inside}</section>`;
}

function stats(panel: Panel, answers: Answered["answers"]): string {
  const { unit = "none", mappings = [], thresholds } = panel.fieldConfig?.defaults ?? {};
  const shown = linesOf(panel, answers).map(({ name, values }) => {
    const value = Number(values.at(-1)?.[1]);
    const word = mappings.map(({ options }) => options[String(value)]?.text).find((one) => one !== undefined);
    const step = thresholds?.steps.findLast(({ value: least }) => least === null || value >= least);
    return { name, word: word ?? inUnit(value, unit), color: colours[step?.color ?? ""] ?? "#57606a" };
  });
  const blocks = shown.map(
    ({ name, word, color }) =>
      `<div style="background:${color}">${shown.length > 1 ? `<i>${text(name)}</i>` : ""}<b>${text(word)}</b></div>`,
  );
  return `<div class="stats">${blocks.join("")}</div>`;
}

function lines(
  panel: Panel,
  answers: Answered["answers"],
  span: { from: number; to: number },
  box: { width: number; height: number },
): string {
  const drawn: Line[] = linesOf(panel, answers).map(({ name, values }, index) => ({
    name,
    color: palette[index % palette.length] ?? "",
    points: values
      .map(([at, value]): [number, number] => [at, Number(value)])
      .filter(([, value]) => Number.isFinite(value)),
  }));
  const keys = drawn.map(
    ({ name, color }) => `<span><u style="background:${color}"></u>${text(name)}</span>`,
  );
  const unit = panel.fieldConfig?.defaults.unit ?? "none";
  const rows = drawn.map(({ name }) => name.length + 4).reduce((sum, one) => sum + one, 0) * 6.4;
  const legendHeight = Math.min(Math.ceil(rows / (box.width - 20)), 2) * 17 + 4; // Grafana scrolls what is more
  const height = box.height - 30 - legendHeight;
  return `${plot({ width: box.width, height, unit, ...span, lines: drawn })}<p>${keys.join("")}</p>`;
}

function linesOf({ targets = [] }: Panel, answers: Answered["answers"]) {
  return answers.flatMap((series, index) => {
    const format = targets[index]?.legendFormat ?? "";
    const named = series.map(({ metric, values }) => ({ name: legend(format, metric), values }));
    return named.sort((a, b) => a.name.localeCompare(b.name));
  });
}

const text = (words: string) =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const style = `
:root { --page: #f4f5f5; --panel: #ffffff; --edge: #dcdee1; --ink: #24292e; --soft: #5b6167; --grid: #e9ebed }
@media (prefers-color-scheme: dark) {
  :root { --page: #111217; --panel: #181b1f; --edge: #2c3235; --ink: #d8d9da; --soft: #9fa3a8; --grid: #282b30 }
}
body { margin: 0; position: relative; background: var(--page); color: var(--ink); font: 12px sans-serif }
h2, section { position: absolute; margin: 0; box-sizing: border-box }
h2 { font-size: 15px; line-height: 22px }
section { background: var(--panel); border: 1px solid var(--edge); border-radius: 3px; overflow: hidden }
h3 { margin: 0; padding: 6px 9px 0; font-size: 13px; line-height: 20px; white-space: nowrap }
svg { display: block } svg text { fill: var(--soft); font-size: 11px }
.grid { stroke: var(--grid); fill: none } .line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
p { margin: 0; padding: 0 9px; max-height: 34px; overflow: hidden; line-height: 17px; font-size: 11px; color: var(--soft) }
p span { white-space: nowrap; margin-right: 12px; display: inline-block } u { display: inline-block; width: 12px; height: 3px; margin: 0 5px 3px 0 }
.stats { display: flex; gap: 4px; padding: 4px 6px 6px; height: calc(100% - 36px); box-sizing: border-box }
.stats div { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; color: #fff; border-radius: 2px; min-width: 0 }
.stats b { font-size: 26px; font-weight: 500 } .stats i { font-style: normal; font-size: 12px }
`;
