import { read } from "./chart.ts";

/** As much of Grafana's panel as says what is asked and how it is shown. */
export interface Panel {
  readonly title: string;
  readonly type: "row" | "stat" | "timeseries";
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly mappings: readonly {
        readonly options: Readonly<Record<string, { readonly text: string } | undefined>>;
      }[];
      readonly thresholds?: {
        readonly steps: readonly { readonly color: string; readonly value: number | null }[];
      };
    };
  };
}

/** The panels of the dashboard that is shipped, in reading order. */
export function dashboardPanels(): readonly Panel[] {
  const { panels } = JSON.parse(read("manifests/chart/files/dashboard.json")) as { panels: Panel[] };
  return panels;
}

/** The dashboard's expression as Grafana asks it: its variables and its own interval put in. */
export function asked(expr: string, namespace: string, rateInterval: string): string {
  return expr.replaceAll("$namespace", namespace).replaceAll("$__rate_interval", rateInterval);
}

/** A line's name, by Grafana's words for it: "{{pod}} audit". */
export function legend(format: string, metric: Readonly<Record<string, string>>): string {
  return format.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? "");
}
