import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsPage } from "./commands.ts";
import { configurationPage } from "./configuration.ts";
import { metricsPage } from "./metrics.ts";
import { metricsSources } from "./metrics-sources.ts";
import { permissionsPage } from "./permissions.ts";
import { rulesPage } from "./rules.ts";

/** The repository. */
export const home = join(import.meta.dirname, "..", "..");

/** Every page that is made from the code, by its path in the repository. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    "docs/reference/commands.md": commandsPage(),
    "docs/reference/configuration.md": configurationPage(),
    "docs/reference/metrics.md": metricsPage(await metricsSources(read("manifests/chart/files/alerts.yaml"))),
    "docs/reference/permissions.md": permissionsPage((path) => read(`manifests/${path}`)),
    "docs/reference/rules.md": rulesPage(),
  };
}

const read = (path: string) => readFileSync(join(home, path), "utf8");
