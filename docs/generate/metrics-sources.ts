import { parse } from "yaml";
import { dashboardRows } from "../../manifests/generate/dashboard-rows.ts";
import { rules } from "../../trust/rules/index.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import type { MetricsSources } from "./metrics.ts";

/** What metrics.md is made of; `alertsYaml` is manifests/chart/files/alerts.yaml. */
export async function metricsSources(alertsYaml: string): Promise<MetricsSources> {
  const metrics = createMetrics(
    rules.map(({ id }) => id),
    { version: "any", commit: "any" },
  );
  metrics.anchorExpiry([{ fingerprint: "any", notAfter: new Date(0) }]);
  const { groups } = parse(alertsYaml) as { groups: { rules: { alert: string; expr: string }[] }[] }; // our own file
  return {
    exposition: await metrics.text(),
    alerts: groups.flatMap((group) => group.rules.map(({ alert, expr }) => ({ name: alert, exprs: [expr] }))),
    panels: Object.values(dashboardRows).flatMap((panels) =>
      panels.map(({ title, queries }) => ({ name: title, exprs: queries.map(([expr]) => expr) })),
    ),
  };
}
