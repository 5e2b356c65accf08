// npm run manifests: writes what is made from the chart: its schema, its table of values, the dashboard, and the
// plain manifests beside it.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../test/chart/programs.ts";
import { generate, home } from "./generate.ts";

for (const [path, text] of Object.entries(generate(await findProgram("helm")))) {
  const file = join(home, path);
  const is = read(file);
  if (is === text) continue;
  writeFileSync(file, text);
  process.stdout.write(`wrote manifests/${path}\n`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
