import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dashboard } from "./dashboard.ts";
import { type Files, plainFiles, plainValues } from "./plain.ts";
import { valuesSchema } from "./schema.ts";
import { documentedValues, valuesTable, withTable } from "./table.ts";

/** manifests/ */
export const home = join(import.meta.dirname, "..");

/** What needs no Helm to be made, by path in manifests/. */
export function chartFiles(): Files {
  const values = documentedValues(readFileSync(join(home, "chart/values.yaml"), "utf8"));
  const readme = readFileSync(join(home, "chart/README.md"), "utf8");
  return {
    "chart/values.schema.json": json(valuesSchema()),
    "chart/files/dashboard.json": json(dashboard()),
    "chart/README.md": withTable(readme, valuesTable(values)),
  };
}

/** All that is made, by path in manifests/; `helm` is the program. */
export function generate(helm: string): Files {
  const made = chartFiles();
  // Rendered from a copy, so that the plain manifests are made from the schema and the dashboard of now.
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-chart-"));
  try {
    cpSync(join(home, "chart"), join(dir, "chart"), { recursive: true });
    for (const [path, text] of Object.entries(made)) writeFileSync(join(dir, path), text);
    writeFileSync(join(dir, "values.json"), JSON.stringify(plainValues));
    return { ...made, ...plainFiles(template(helm, dir)) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function template(helm: string, dir: string): string {
  const args = [
    "template",
    "linkerd-certs",
    join(dir, "chart"),
    "-n",
    "linkerd-certs",
    "-f",
    join(dir, "values.json"),
  ];
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`helm ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
