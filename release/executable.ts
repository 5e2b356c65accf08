import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Parts } from "./bundle.ts";
import type { Platform } from "./platforms.ts";
import { signed } from "./sign-mach-o.ts";

export interface Ingredients {
  readonly platform: Platform;
  readonly parts: Parts;
  /** Names of parts with a compiled form, in a folder; none where another machine would have to make it. */
  readonly compiled: { readonly folder: string; readonly names: readonly string[] };
  /** The Node that is to be inside. */
  readonly node: string;
  /** A Node of the same version that runs here. */
  readonly builder: string;
}

/** Writes the plugin as one program that needs nothing else. The same ingredients give the same bytes. */
export async function buildExecutable(ingredients: Ingredients, folder: string, to: string): Promise<void> {
  const { platform, node, builder, compiled } = ingredients;
  const main = "main.cjs";
  await build({
    entryPoints: [join(import.meta.dirname, "inside", "main.ts")],
    outfile: join(folder, main),
    bundle: true,
    absWorkingDir: import.meta.dirname,
    format: "cjs",
    platform: "node",
    target: "node26",
    define: { compiledParts: JSON.stringify(compiled.names.map((name) => `./${name}`)) },
  });
  const config = join(folder, "sea.json");
  writeFileSync(
    config,
    JSON.stringify({ ...fixed, main, executable: node, output: to, assets: assetsOf(ingredients) }),
  );
  // The path of the first file, as it is said here, is in the program: said by itself it is the same everywhere.
  const built = spawnSync(builder, ["--build-sea", config], { cwd: folder, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`${to} could not be built: ${built.stderr}`);
  if (platform.os === "darwin") writeFileSync(to, signed(readFileSync(to), "kubectl-linkerd_certs"));
  chmodSync(to, 0o755);
}

const fixed = {
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  // Node's own is another with every build, and for the first lines only. The parts have theirs.
  useCodeCache: false,
  // Neither NODE_OPTIONS nor a flag of ours may load somebody's code into a tool that holds keys.
  execArgvExtension: "none",
};

function assetsOf({ parts, compiled }: Ingredients): Record<string, string> {
  return Object.fromEntries([
    ...parts.names.map((name) => [`./${name}`, join(parts.folder, name)]),
    ...compiled.names.map((name) => [`./${name}.compiled`, join(compiled.folder, name)]),
  ]);
}
