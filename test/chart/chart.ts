import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { KubeObject } from "../cluster/objects.ts";

export const home = join(import.meta.dirname, "..", "..");
export const chart = join(home, "manifests", "chart");

export const read = (file: string) => readFileSync(join(home, file), "utf8");

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts as they are shipped, before a release's values are put in. */
export function alerts(): readonly Alert[] {
  const { groups } = parse(read("manifests/chart/files/alerts.yaml")) as { groups: { rules: Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** What `helm template` prints, as objects. */
export function objectsIn(rendered: string): readonly KubeObject[] {
  return parseAllDocuments(rendered)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/**
 * A copy of the chart whose Service leads to this machine, where the guard, or what stands for it, listens on the
 * port that value service.port names. Nothing else is changed.
 */
export function redirected(dir: string, { version }: { readonly version?: string } = {}): string {
  const copy = join(dir, `chart-${version ?? "as-is"}`);
  cpSync(chart, copy, { recursive: true });
  const service = join(copy, "templates", "service.yaml");
  const text = readFileSync(service, "utf8");
  const [head = ""] = text.split("spec:\n");
  const spec =
    "spec:\n  type: ExternalName\n  externalName: localhost\n  ports:\n    - port: {{ .Values.service.port }}\n";
  writeFileSync(service, head + spec);
  if (version !== undefined) {
    const file = join(copy, "Chart.yaml");
    const said = readFileSync(file, "utf8").replace(/^(version|appVersion): .*/gm, `$1: ${version}`);
    writeFileSync(file, said);
  }
  return copy;
}
