import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { withLock } from "./lock.ts";
import type { Recipe } from "./program.ts";

const wayOut =
  "hint: install Go 1.26, or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok";

/** Builds programs one after the other, each at the path that `target` gives it. */
export async function build(
  recipes: readonly Recipe[],
  modules: string,
  target: (recipe: Recipe) => string,
): Promise<void> {
  for (const [index, recipe] of recipes.entries()) {
    const file = target(recipe);
    const label = `${recipe.name} (${index + 1} of ${recipes.length})`;
    mkdirSync(dirname(file), { recursive: true });
    await withLock(`${file}.lock`, `waiting for ${label}, which another run builds`, async () => {
      if (!existsSync(file)) await buildOne(recipe, join(modules, recipe.module), file, label);
    });
  }
}

async function buildOne(recipe: Recipe, module: string, file: string, label: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  const progress = showProgress(label);
  try {
    const tags = recipe.tags === undefined ? [] : ["-tags", recipe.tags];
    const ldflags = `-s -w ${recipe.ldflags}`;
    await go(["build", ...tags, "-ldflags", ldflags, "-o", unfinished, recipe.package], module);
    renameSync(unfinished, file);
    progress.done();
  } finally {
    progress.stop();
    rmSync(unfinished, { force: true });
  }
}

async function go(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn("go", args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    // The caller's own GOFLAGS, workspace or C compiler must not change what is built.
    env: {
      ...process.env,
      GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
      GOWORK: "off",
      CGO_ENABLED: "0",
    },
  });
  yieldToOthers(child);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const [code, signal] = await once(child, "close").catch((error: unknown) => {
    throw new Error(`the control plane needs Go 1.26 to be built, and "go" cannot be started\n${wayOut}`, {
      cause: error,
    });
  });
  if (code !== 0) throw new Error(`building ${args.at(-1)} ended with ${signal ?? code}\n${errors}${wayOut}`);
}

function yieldToOthers(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Only a courtesy: the build runs at any priority.
  }
}

function showProgress(label: string): { done(): void; stop(): void } {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  const tell = (verb: string) => {
    const line = `${verb} ${label} ${Math.round((Date.now() - started) / 1000)} s`;
    process.stderr.write(terminal && verb === "building" ? `\r${line}` : `${terminal ? "\r" : ""}${line}\n`);
  };
  tell("building");
  const timer = setInterval(tell, terminal ? 1000 : 30_000, "building");
  return { done: () => tell("built"), stop: () => clearInterval(timer) };
}
