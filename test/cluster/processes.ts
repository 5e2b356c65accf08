import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";

export interface Component {
  readonly name: string;
  readonly pid: number;
  /** What it printed last. */
  tail(): string;
  /** Undefined while it runs. */
  ended(): string | undefined;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** A folder and the processes that live in it; both are gone when this process is, however it ends. */
export interface Household {
  readonly dir: string;
  start(name: string, file: string, args: readonly string[]): Component;
  end(): Promise<void>;
}

// A process that is killed cannot tidy up after itself, but its end of a pipe closes. The watchdog reads
// the ids of our processes from that pipe ("+ 123", "- 123") and, when it closes, ends those still there.
const watchdogScript = `
while read -r sign id; do
  case $sign in
    +) ids="$ids $id" ;;
    -) rest=; for other in $ids; do [ "$other" = "$id" ] || rest="$rest $other"; done; ids=$rest ;;
  esac
done
for id in $ids; do kill -KILL "$id" 2>/dev/null; done
# A dying process may still write a file while the folder is being removed.
for try in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null && exit; sleep 0.2; done
`;

export function household(): Household {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-"));
  const watchdog = startWatchdog(dir);
  const running = new Set<Component>();

  return {
    dir,
    start(name, file, args) {
      const component = startComponent(dir, name, file, args, watchdog.pipe, () => running.delete(component));
      running.add(component);
      return component;
    },
    async end() {
      await Promise.all([...running].map((component) => component.end()));
      watchdog.child.ref();
      watchdog.pipe.end();
      await exited(watchdog.child);
    },
  };
}

function startWatchdog(dir: string): { readonly child: ChildProcess; readonly pipe: Writable } {
  const child = spawn("/bin/sh", ["-c", watchdogScript, "watchdog", dir], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C in the terminal must not reach it
  });
  child.on("error", () => {}); // without a shell there is no watchdog, and end() still tidies up
  child.stdin.on("error", () => {});
  unref(child, child.stdin);
  return { child, pipe: child.stdin };
}

function startComponent(
  dir: string,
  name: string,
  file: string,
  args: readonly string[],
  watchdog: Writable,
  gone: () => void,
): Component {
  const log = join(dir, `${name}.log`);
  const fd = openSync(log, "a");
  const child = spawn(file, args, { cwd: dir, stdio: ["ignore", fd, fd], detached: true });
  closeSync(fd);
  child.unref();
  let failure: string | undefined;
  child.on("error", (error) => {
    failure = error.message;
    gone();
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${file}\nhint: remove it, and it is built again`);
  watchdog.write(`+ ${pid}\n`);
  child.on("exit", (code, signal) => {
    failure = `ended with ${signal ?? code}`;
    watchdog.write(`- ${pid}\n`);
    gone();
  });

  return {
    name,
    pid,
    tail: () => lastWords(readFileSync(log, "utf8")),
    ended: () => failure,
    async end(signal = "SIGKILL") {
      child.ref();
      child.kill(signal);
      await exited(child);
    },
  };
}

/** A program in Go that dies says why first, and then at length where it was. */
function lastWords(log: string): string {
  const lines = log.trimEnd().split("\n");
  const death = lines.findLastIndex((line) => /^(panic|fatal error): /.test(line));
  return lines.slice(...(death === -1 ? [-15] : [death, death + 15])).join("\n");
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
    await once(child, "exit");
}

// Nothing of ours keeps the caller's process alive once its own work is done.
function unref(child: ChildProcess, pipe: Writable): void {
  child.unref();
  if ("unref" in pipe && typeof pipe.unref === "function") pipe.unref();
}
