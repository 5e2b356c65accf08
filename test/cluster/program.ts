import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { build } from "./build.ts";

/** A Go program that tests use, and how it is built from a module under binaries/. */
export interface Recipe {
  readonly name: string;
  /** The folder under binaries/; its go.mod pins the version of `pin`. */
  readonly module: string;
  readonly pin: string;
  readonly package: string;
  readonly ldflags: string;
  readonly tags?: string;
}

const modules = join(import.meta.dirname, "binaries");

/** Where each is, building first those that are nowhere: once per version, into the cache. */
export async function findPrograms(recipes: readonly Recipe[]): Promise<readonly string[]> {
  const missing = recipes.filter((recipe) => !existsSync(pathOf(recipe)));
  if (missing.length > 0) await build(missing, modules, cachedPath);
  return recipes.map(pathOf);
}

/** Says, without starting anything, what findPrograms would have to do. */
export function programsAvailable(recipes: readonly Recipe[]): "ready" | "buildable" | "missing-go" {
  if (recipes.every((recipe) => existsSync(pathOf(recipe)))) return "ready";
  return onPath("go") ? "buildable" : "missing-go";
}

/** Versions are written once: in the go.mod files. */
export function pinned(module: string, dependency: string): string {
  const goMod = readFileSync(join(modules, module, "go.mod"), "utf8");
  const version = new RegExp(`^(?:require |\\t)${dependency} (v\\S+)`, "m").exec(goMod)?.[1];
  if (version === undefined)
    throw new Error(`binaries/${module}/go.mod does not require ${dependency}; run go mod tidy`);
  return version;
}

function pathOf(recipe: Recipe): string {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const asset = assets && join(assets, recipe.name);
  return asset && existsSync(asset) ? asset : cachedPath(recipe);
}

function cachedPath({ name, module, pin }: Recipe): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "linkerd-certs", `${module}-${pinned(module, pin)}`, name);
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
