import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import type { Recipe } from "./program.ts";

interface Definition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

/**
 * Creates the CRDs that a project ships in a folder of its Go module, all of them or those of some kinds, and
 * waits until the API server serves them.
 */
export async function createDefinitions(
  cp: ControlPlane,
  { module, pin }: Pick<Recipe, "module" | "pin">,
  folder: string,
  kinds?: readonly string[],
): Promise<void> {
  const all = definitionsIn(join(await sourceOf(module, pin), folder));
  const chosen = kinds === undefined ? all : all.filter(({ spec }) => kinds.includes(spec.names.kind));
  for (const definition of chosen)
    await mustApi(cp.api, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  for (const { spec } of chosen) {
    const version = spec.versions.find(({ storage }) => storage)?.name ?? "";
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}`;
    await eventually(`${path} is served`, async () => (await cp.api("GET", path)).status === 200);
  }
}

// Not "go list": the program may be kept while the module's source is not.
async function sourceOf(module: string, dependency: string): Promise<string> {
  const cwd = join(import.meta.dirname, "binaries", module);
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", dependency], { cwd });
  return (JSON.parse(stdout) as { Dir: string }).Dir; // go help mod download
}

function definitionsIn(folder: string): readonly Definition[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8"))[0]?.toJS() as Definition) // apiextensions/v1
    .filter(({ kind }) => kind === "CustomResourceDefinition");
}
