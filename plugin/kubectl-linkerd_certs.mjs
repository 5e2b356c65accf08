#!/usr/bin/env node
// The plugin from a clone: npx kubectl-linkerd_certs, or this file on PATH under this name.
// Plain JavaScript for whatever Node a person has; the program runs on the project's own.

import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));
const node = join(here, "..", "node_modules", ".bin", "node");
if (!existsSync(node)) {
  process.stderr.write(
    "linkerd-certs: error: this clone has no dependencies yet\nlinkerd-certs: hint: npm ci\n",
  );
  process.exit(1);
}
const child = spawn(node, [join(here, "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  // By a link of another name it is linkerd's extension: linkerd-certs.
  env: { ...process.env, LINKERD_CERTS_CALLED_AS: basename(process.argv[1] ?? "") },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
