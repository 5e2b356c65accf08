// Runs the tests and ends in one line: N passed, N failed[, N skipped].
//   npm test                  types, then all tests
//   npm test -- --unit        those that need no cluster
//   npm test -- mesh gather   those whose path has one of these words

import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { binariesAvailable } from "./cluster/binaries.ts";

const home = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  options: { unit: { type: "boolean", default: false }, cluster: { type: "boolean", default: false } },
  allowPositionals: true,
});

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
const tally: Tally = { passed: 0, failed: 0, skipped: 0 };

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());

if (positionals.length === 0) checkTypes();
const files = globSync("test/**/*.test.ts", { cwd: home })
  .filter((file) => positionals.length === 0 || positionals.some((word) => file.includes(word)))
  .sort();
const clustered = files.filter((file) => file.endsWith(".cluster.test.ts"));
const alone = files.filter((file) => !clustered.includes(file));
if (!values.cluster) await runFiles(alone, availableParallelism());
// Each starts a control plane of its own, and two cores carry one at a time.
if (!values.unit) await (binariesAvailable() === "missing-go" ? skip(clustered) : runFiles(clustered, 1));

const skipped = tally.skipped === 0 ? "" : `, ${tally.skipped} skipped`;
process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed${skipped}\n`);
process.exitCode = tally.failed === 0 && tally.passed > 0 && !interrupt.signal.aborted ? 0 : 1;

function checkTypes(): void {
  const tsc = join(home, "node_modules", ".bin", "tsc");
  const { status, stdout } = spawnSync(tsc, ["--noEmit"], { cwd: home, encoding: "utf8" });
  process.stdout.write(status === 0 ? "✔ the types hold\n" : `✖ the types do not hold\n${stdout}`);
  if (status === 0) tally.passed++;
  else tally.failed++;
}

async function skip(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  tally.skipped += paths.length;
  process.stdout.write(
    `﹣ ${paths.length} files skipped: they need a control plane, and Go 1.26 to build it (go.dev/dl), or KUBEBUILDER_ASSETS\n`,
  );
}

async function runFiles(paths: readonly string[], concurrency: number): Promise<void> {
  if (paths.length === 0 || interrupt.signal.aborted) return;
  const events = run({
    files: paths.map((path) => join(home, path)),
    cwd: home,
    concurrency,
    signal: interrupt.signal,
  });
  events.on("test:fail", ({ details, skip, todo, file }) => {
    if (skip !== undefined || todo !== undefined) return;
    // A suite that failed because a test in it did: that one was counted.
    const { failureType } = details.error as { failureType?: string };
    if (details.type === "suite" && failureType === "subtestsFailed") return;
    tally.failed++;
    if (file !== undefined) process.stdout.write(`✖ in ${relative(home, file)}\n`);
  });
  events.on("test:pass", ({ details, skip, todo, name, file }) => {
    if (name === file) return;
    if (skip !== undefined || todo !== undefined) tally.skipped++;
    else if (details.type !== "suite") tally.passed++;
  });
  const printed = events.compose(new spec());
  for await (const text of printed) process.stdout.write(text);
}
