import type { Panel } from "./dashboard-panel.ts";
import { dashboardRows } from "./dashboard-rows.ts";

/** Grafana's dashboard, as an object that is the same every time. */
export function dashboard(): object {
  return {
    uid: "linkerd-certs",
    title: "linkerd-certs",
    description: "Linkerd's trust anchors and issuer, and the guard in front of them.",
    tags: ["linkerd", "certificates"],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    templating: { list: [datasource, namespace] },
    annotations: { list: [] },
    panels: laidOut(),
  };
}

const source = { type: "prometheus", uid: "$datasource" };

const datasource = { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" };

const namespace = {
  name: "namespace",
  label: "The guard's namespace",
  type: "query",
  datasource: source,
  query: { query: "label_values(linkerd_certs_build_info, namespace)", refId: "namespace" },
  refresh: 2,
  sort: 1,
};

const columns = 24;
const height = 7;

/** Rows one below the other, in each its panels side by side. */
function laidOut(): object[] {
  const placed: object[] = [];
  let y = 0;
  for (const [title, panels] of Object.entries(dashboardRows)) {
    placed.push({
      id: placed.length + 1,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: columns, h: 1 },
    });
    y++;
    const perLine = Math.min(4, panels.length);
    const w = columns / perLine;
    for (const [index, panel] of panels.entries()) {
      const line = Math.floor(index / perLine);
      const gridPos = { x: (index % perLine) * w, y: y + line * height, w, h: height };
      placed.push({ id: placed.length + 1, ...drawn(panel), gridPos });
    }
    y += Math.ceil(panels.length / perLine) * height;
  }
  return placed;
}

function drawn({ title, description = "", type, unit, queries, steps, words = {} }: Panel): object {
  const mapped = Object.entries(words).map(([value, text], index) => [value, { text, index }]);
  return {
    title,
    description,
    type,
    datasource: source,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: source,
      expr,
      legendFormat,
      range: type === "timeseries",
      instant: type === "stat",
    })),
    fieldConfig: {
      defaults: {
        unit,
        mappings: mapped.length === 0 ? [] : [{ type: "value", options: Object.fromEntries(mapped) }],
        ...(steps === undefined
          ? {}
          : { thresholds: { mode: "absolute", steps: steps.map(([color, value]) => ({ color, value })) } }),
      },
      overrides: [],
    },
    options:
      type === "stat"
        ? {
            colorMode: "background",
            graphMode: "none",
            textMode: "auto",
            reduceOptions: { calcs: ["lastNotNull"] },
          }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
  };
}
