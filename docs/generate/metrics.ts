import { code, madeBy, page, prose, table } from "./markdown.ts";

/** An alert or a panel of the dashboard, and what it asks Prometheus. */
export interface Asking {
  readonly name: string;
  readonly exprs: readonly string[];
}

export interface MetricsSources {
  /** What the guard answers at /metrics, with a sample of each metric. */
  readonly exposition: string;
  readonly alerts: readonly Asking[];
  readonly panels: readonly Asking[];
}

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** docs/reference/metrics.md: every metric of the guard's own, and who asks for it. */
export function metricsPage({ exposition, alerts, panels }: MetricsSources): string {
  const metrics = metricsIn(exposition);
  return page(
    "# Metrics",
    madeBy,
    "What each pod of the guard answers at `http://POD:8080/metrics`. How to have them scraped, and what to do about each alert: [monitoring](../monitoring.md).",
    table(
      ["metric", "type", "labels", "what it says"],
      metrics.map(({ name, type, help, labels }) => [
        code(name),
        type,
        [...labels.keys()].map(code).join(", "),
        prose(help),
      ]),
    ),
    "Besides, `process_…` and `nodejs_…` are what [prom-client](https://github.com/siimon/prom-client#default-metrics) says of any program in Node: memory, processor, event loop. Every series but those of anchors is there from the start, at 0 or, where nothing is known yet, NaN.",
    "## Labels",
    table(["label", "values"], labelRows(metrics)),
    "## Who asks for it",
    "The alerts are those of the chart, and so are the panels of its dashboard.",
    table(
      ["metric", "alerts", "panels of the dashboard"],
      metrics.map(({ name }) => [
        code(name),
        asked(name, alerts)
          .map((one) => `[${one}](../monitoring.md#${one.toLowerCase()})`)
          .join(", "),
        asked(name, panels).join("; "),
      ]),
    ),
  );
}

/** Those of the guard's own, in the order of the exposition. */
export function metricsIn(exposition: string): readonly Metric[] {
  const lines = exposition.split("\n");
  return [...exposition.matchAll(/^# HELP (linkerd_certs_\S+) (.*)$/gm)].map(([, name = "", help = ""]) => {
    const [, type = ""] = new RegExp(`^# TYPE ${name} (\\S+)$`, "m").exec(exposition) ?? [];
    const labels = new Map<string, string[]>();
    for (const line of lines.filter((one) => new RegExp(`^${name}(?:_bucket|_sum|_count)?[{ ]`).test(one)))
      for (const [, label = "", value = ""] of line.matchAll(/(\w+)="([^"]*)"/g))
        if (label !== "le") labels.set(label, [...new Set([...(labels.get(label) ?? []), value])]);
    return { name, type, help, labels };
  });
}

/** Labels whose values are not to be listed. */
const open: Readonly<Record<string, string>> = {
  rule: "the name of a [rule](rules.md) that the guard asks",
  fingerprint: "of an anchor: SHA-256 in hexadecimal; at most 16 anchors are told",
  version: "of the guard",
  commit: "of the repository, that the guard is built of",
  node: "version of Node that runs it",
};

function labelRows(metrics: readonly Metric[]): readonly (readonly string[])[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of metrics)
    for (const [label, all] of labels) values.set(label, new Set([...(values.get(label) ?? []), ...all]));
  return [...values].map(([label, all]) => [code(label), open[label] ?? [...all].map(code).join(", ")]);
}

function asked(metric: string, by: readonly Asking[]): readonly string[] {
  const whole = new RegExp(`\\b${metric}(?:_bucket|_sum|_count)?\\b`);
  return by.filter(({ exprs }) => exprs.some((expr) => whole.test(expr))).map(({ name }) => name);
}
