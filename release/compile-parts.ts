import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Parts } from "./bundle.ts";
import { serveMesh } from "./mesh.ts";

/**
 * V8's own form of the parts, with what people call most compiled: those need
 * not be read and compiled at every start. Made by the Node that runs it, in a
 * folder; gives the names of the parts that have one. The same parts and Node
 * give the same bytes.
 */
export async function compileParts(node: string, parts: Parts, folder: string): Promise<string[]> {
  const results = join(folder, "compiled");
  const work = join(folder, "work");
  for (const one of [results, work]) mkdirSync(one, { recursive: true });
  const program = join(folder, "compile.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "inside", "compile.ts")],
    outfile: program,
    bundle: true,
    absWorkingDir: import.meta.dirname,
    format: "cjs",
    platform: "node",
    target: "node26",
  });
  const start = (calls: readonly (readonly string[])[], to: string) => {
    const list = join(folder, "calls.json");
    writeFileSync(list, JSON.stringify(calls));
    // By default every process hashes in its own way, and that is in the results.
    return run(
      node,
      [
        "--random-seed=1",
        "--min-semi-space-size=64",
        "--max-semi-space-size=64",
        program,
        parts.folder,
        to,
        list,
      ],
      work,
    );
  };
  const mesh = await serveMesh(work);
  try {
    await start(calls(mesh.kubeconfig), results);
  } finally {
    mesh.stop();
  }
  const names = readdirSync(results).sort();
  if (names.length === 0) throw new Error("the program ended before its parts were compiled");
  return names;
}

/** What people call, and with it whatever those calls run through. */
const calls = (kubeconfig: string): string[][] => [
  ["version"],
  ["version", "-o", "json"],
  [],
  ["check", "--help"],
  ["completion", "bash"],
  ["__complete", "--", "check", "--con"],
  ["rules"],
  ["explain", "bundle-present"],
  ["inspect", "ca.crt", "issuer.crt"],
  ["bundle", "ca.crt"],
  ["validate", "-f", "mesh.yaml"],
  ["inspect", "--kubeconfig", kubeconfig],
  ["check", "-o", "json", "--kubeconfig", kubeconfig],
  ["check", "--kubeconfig", kubeconfig],
];

async function run(file: string, args: readonly string[], cwd: string): Promise<void> {
  const env = { HOME: cwd, PATH: "" };
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`the parts could not be compiled: ${said}`);
}
