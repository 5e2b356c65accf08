// Runs one of the project's programs with the project's own Node, and first
// installs what is missing. Plain JavaScript for whatever Node a person has.
//   node setup.mjs test/run.ts ARG…      a TypeScript program of this project
//   node setup.mjs --bin biome ARG…      a tool from node_modules/.bin

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(fileURLToPath(import.meta.url));
const stamp = join(home, "node_modules", ".installed-from");
const bin = (name) => join(home, "node_modules", ".bin", name);

installWhenStale();
const [first, ...rest] = process.argv.slice(2);
if (first === "--bin") run(bin(rest[0]), rest.slice(1));
else run(bin("node"), [join(home, first), ...rest]);

function installWhenStale() {
  const lock = createHash("sha256")
    .update(readFileSync(join(home, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("installing what the project needs (npm ci)\n");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: home,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(stamp, lock);
}

function run(file, args) {
  const child = spawn(file, args, { stdio: "inherit", shell: process.platform === "win32" });
  // The terminal signals the whole group; whoever signals only us means the child.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`cannot start ${file}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}
