import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "../cluster/lock.ts";

export type OracleName = "identity" | "proxy";

/** Why an oracle cannot be asked on this machine; undefined when it can. */
export function unavailable(name: OracleName): string | undefined {
  const { tool, label, site } = oracles[name];
  const found = spawnSync(tool, versionArguments[tool], { stdio: "ignore" }).status === 0;
  return found ? undefined : `skipped: ${label} is missing, get it at ${site}`;
}

/** The oracle's program, built into the user's cache unless it is there already. */
export async function build(name: OracleName): Promise<string> {
  const { tool, label, folder, program } = oracles[name];
  const sources = join(here, folder);
  const home = join(cache(), `oracles-${fingerprint(tool, sources)}`);
  const built = join(home, program);
  if (existsSync(built)) return built;
  mkdirSync(dirname(home), { recursive: true });
  await withLock(`${home}.lock`, "waiting for another build of the same oracle", async () => {
    if (existsSync(built)) return;
    process.stderr.write(`building the ${name} oracle (${label}), once\n`);
    const workshop = `${home}.${process.pid}`;
    await compile(tool, sources, workshop);
    mkdirSync(home, { recursive: true });
    renameSync(join(workshop, tool === "go" ? program : `release/${program}`), built);
    rmSync(workshop, { recursive: true });
  });
  return built;
}

const oracles = {
  identity: { tool: "go", label: "Go", site: "go.dev/dl", folder: "go", program: "identity-oracle" },
  proxy: { tool: "cargo", label: "Rust", site: "rustup.rs", folder: "rust", program: "proxy-oracle" },
} as const;
type Tool = (typeof oracles)[OracleName]["tool"];

const here = dirname(fileURLToPath(import.meta.url));
const versionArguments = { go: ["version"], cargo: ["--version"] };
const cache = () => join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "linkerd-certs");

/** A newer compiler brings another crypto/x509, hence another oracle. */
function fingerprint(tool: Tool, sources: string): string {
  const hash = createHash("sha256").update(spawnSync(tool, versionArguments[tool], { cwd: sources }).stdout);
  const names = readdirSync(sources, { recursive: true, encoding: "utf8" }).sort();
  for (const name of names.filter((each) => /\.(go|mod|rs|toml|lock)$/.test(each)))
    hash.update(`\n${name}\n`).update(readFileSync(join(sources, name)));
  return hash.digest("hex").slice(0, 16);
}

function compile(tool: Tool, sources: string, into: string): Promise<void> {
  const args =
    tool === "go"
      ? ["build", "-o", join(into, oracles.identity.program), "."]
      : ["build", "--release", "--locked", "--target-dir", into];
  const child = spawn(tool, args, { cwd: sources, stdio: ["ignore", 2, 2] });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) =>
      code === 0 ? done() : failed(new Error(`${tool} ${args[0]} failed: ${code}`)),
    );
  });
}
