import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { type Cluster, connect } from "../../cluster/connect.ts";
import type { Host } from "../../cluster/rotation/host.ts";
import type { ExitCode } from "../../plugin/exit-codes.ts";
import { run } from "../../plugin/run.ts";
import type { World, Writer } from "../../plugin/world.ts";

export interface TestWorldOptions {
  /** Written into a temporary folder, which is the working directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What is read from standard input, or typed at the prompts of a terminal. */
  readonly stdin?: string | Uint8Array;
  /** Used where the words name none. Without it and without `cluster`, reaching for a cluster fails. */
  readonly kubeconfig?: string;
  readonly cluster?: Cluster;
  /** Whether stdin, stdout and stderr are a terminal; by default none is. */
  readonly tty?: boolean;
  /** By default the tests' own moment. */
  readonly now?: Date;
  /** Instead of a moment: time that passes. */
  readonly clock?: () => Date;
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Partial<Host>;
}

export interface Outcome {
  readonly code: ExitCode;
  /** What this run wrote. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestWorld extends World {
  /** The working directory; gone when the process is. */
  readonly cwd: string;
  /** Runs the plugin with these words, in this world. */
  run(...argv: readonly string[]): Promise<Outcome>;
  /** Everything written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  path(name: string): string;
  /** The text of a file in the working directory. */
  file(name: string): string;
  /** Its permissions: 0o600. */
  mode(name: string): number;
  /** As Ctrl-C does. */
  interrupt(): void;
}

/** A world for tests: real files in a temporary folder, everything else handed in, every output kept. */
export function testWorld(options: TestWorldOptions = {}): TestWorld {
  const { files = {}, stdin = "", tty = false, now = new Date("2026-06-01T12:00:00Z"), env = {} } = options;
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  const [stdout, stderr] = [kept(tty), kept(tty)];
  const interrupt = new AbortController();
  const world: TestWorld = {
    stdout,
    stderr,
    stdin: Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY: tty }),
    env,
    cwd,
    clock: options.clock ?? (() => now),
    interrupted: interrupt.signal,
    host: { name: "laptop", user: "jane", machine: "m1", pid: 4711, isRunning: () => false, ...options.host },
    chance: Math.random,
    calledAs: "kubectl linkerd-certs",

    async connect({ kubeconfig = options.kubeconfig, timeoutMs: _, ...choice }) {
      if (options.cluster !== undefined) return options.cluster;
      if (kubeconfig === undefined) throw new Error("this world has no cluster");
      return connect({ ...choice, kubeconfig });
    },

    async run(...argv) {
      const before = world.output();
      const code = await run(argv, world);
      const after = world.output();
      return {
        code,
        stdout: after.stdout.slice(before.stdout.length),
        stderr: after.stderr.slice(before.stderr.length),
      };
    },

    output: () => ({ stdout: stdout.text, stderr: stderr.text }),
    path: (name) => join(cwd, name),
    file: (name) => readFileSync(join(cwd, name), "utf8"),
    mode: (name) => statSync(join(cwd, name)).mode & 0o777,
    interrupt: () => interrupt.abort(),
  };
  return world;
}

function kept(isTTY: boolean): Writer & { text: string } {
  return {
    isTTY,
    columns: 100,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "linkerd-certs-test-"));
  if (folders.length === 0) {
    process.once("exit", () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    });
  }
  folders.push(folder);
  return folder;
}
