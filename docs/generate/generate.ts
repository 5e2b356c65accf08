import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsPage } from "./commands.ts";
import { permissionsPage } from "./permissions.ts";

/** The repository. */
export const home = join(import.meta.dirname, "..", "..");

/** Every page that is made from the code, by its path in the repository. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    "docs/reference/commands.md": commandsPage(),
    "docs/reference/permissions.md": permissionsPage((path) => read(`manifests/${path}`)),
  };
}

const read = (path: string) => readFileSync(join(home, path), "utf8");
