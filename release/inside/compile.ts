// Run by the Node that is to be inside: calls the program as people do and keeps what V8 compiled meanwhile.
//   node --random-seed=1 compile.cjs FOLDER-OF-PARTS FOLDER-FOR-RESULTS CALLS.json

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Script } from "node:vm";
import { requireFrom } from "./parts.ts";

// Which functions became hot, and which were forgotten, hangs on the minute's load and would be in the results:
// two builds would differ. V8 takes no result of a process with other flags than its own, so they are put back.
const unsteady = ["opt", "maglev", "sparkplug", "flush-bytecode"];
for (const flag of unsteady) setFlagsFromString(`--no-${flag}`);

const [node = "", , parts = "", results = "", list = ""] = process.argv;
const calls: readonly (readonly string[])[] = JSON.parse(readFileSync(list, "utf8"));
const program = "./kubectl-linkerd_certs.cjs";

const scripts = new Map<string, Script>();
// The program ends itself a moment after it has answered; here it is called again.
const never = { unref() {} } as NodeJS.Timeout;
globalThis.setInterval = () => never;

let next = 0;
process.exitCode = 0;
process.stdout.setMaxListeners(0);
process.setMaxListeners(0);
// Each call ends when nothing is left to do, and the process too unless there is something new.
process.on("beforeExit", () => {
  // 2 is "something was found".
  if (process.exitCode !== 0 && process.exitCode !== 2)
    throw new Error(`ended in ${process.exitCode}: ${calls[next - 1]?.join(" ")}`);
  const words = calls[next++];
  if (words === undefined) return keep();
  call(words);
  setImmediate(() => {});
});

function call(words: readonly string[]): void {
  process.argv = [node, "kubectl-linkerd_certs", ...words];
  process.exitCode = 0;
  requireFrom({ source: (name) => readFileSync(join(parts, name), "latin1"), scripts })(program);
}

function keep(): void {
  for (const flag of unsteady) setFlagsFromString(`--${flag}`);
  for (const [name, script] of scripts) writeFileSync(join(results, name), script.createCachedData());
  process.exitCode = 0;
}
