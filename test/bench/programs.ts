import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { withLock } from "../cluster/lock.ts";

/** The Go programs that the guard is measured with. */
export interface Programs {
  readonly peer: string;
  readonly load: string;
}

/** What `go version` says; undefined without Go. */
export function goVersion(): string | undefined {
  const asked = spawnSync("go", ["version"], { encoding: "utf8", cwd: join(here, "load") });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** Builds them into the user's cache, unless these very sources were built with this very Go before. */
export async function buildPrograms(version: string): Promise<Programs> {
  const load = await built("load", "load generator", version);
  const peer = await built("peer", "peer in Go, some minutes the first time", version);
  return { load, peer };
}

const here = import.meta.dirname;

async function built(name: keyof Programs, label: string, version: string): Promise<string> {
  const sources = join(here, name);
  const file = join(cache(), `bench-${fingerprint(sources, version)}`, name);
  mkdirSync(dirname(file), { recursive: true });
  await withLock(`${file}.lock`, `waiting for the ${name} that another run builds`, async () => {
    if (!existsSync(file)) await compile(sources, file, label);
  });
  return file;
}

function cache(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "linkerd-certs");
}

function fingerprint(sources: string, version: string): string {
  const hash = createHash("sha256").update(version);
  const names = readdirSync(sources).filter((name) => /\.(go|mod|sum)$/.test(name));
  for (const name of names.sort()) hash.update(`\n${name}\n`).update(readFileSync(join(sources, name)));
  return hash.digest("hex").slice(0, 16);
}

async function compile(sources: string, file: string, label: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  const started = Date.now();
  const tell = (verb: string) =>
    process.stderr.write(`${verb} the ${label}: ${Math.round((Date.now() - started) / 1000)} s\n`);
  tell("building");
  const timer = setInterval(tell, 30_000, "building");
  try {
    await go(["build", "-ldflags", "-s -w", "-o", unfinished, "."], sources);
    renameSync(unfinished, file);
    tell("built");
  } finally {
    clearInterval(timer);
    rmSync(unfinished, { force: true });
  }
}

// The caller's own GOFLAGS, workspace or C compiler must not change what is built.
const pinned = { GOFLAGS: "-mod=readonly -trimpath -buildvcs=false", GOWORK: "off", CGO_ENABLED: "0" };

function go(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn("go", args, { cwd, stdio: ["ignore", 2, 2], env: { ...process.env, ...pinned } });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) =>
      code === 0 ? done() : failed(new Error(`go build in ${cwd} ended: ${code}`)),
    );
  });
}
