import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { highest } from "../bench/proc.ts";

/** One line of `-o json`, as far as tests look into it. */
export interface Told {
  readonly type: string;
  readonly at: string;
  readonly cluster?: string;
  readonly stage?: string;
  readonly workload?: string;
  readonly state?: string;
  readonly id?: number;
  readonly step?: { readonly kind: string; readonly workload?: string; readonly component?: string };
  readonly outcome?: string;
  readonly message?: string;
  readonly blocks?: readonly { readonly what: string; readonly remedy: string }[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly told: readonly Told[];
  readonly stderr: string;
  /** The most memory that the kernel saw it have, where it tells. */
  readonly peakMiB: number;
}

/** The command, at work as a process of its own. */
export interface Working {
  readonly pid: number;
  readonly told: readonly Told[];
  /** Called with every line to come. */
  onLine(listener: (line: Told) => void): void;
  /** The first line that is so, also of those before; rejects where it ends without one. */
  tells(what: string, isSo: (line: Told) => boolean): Promise<Told>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export interface Place {
  readonly kubeconfig: string;
  readonly dir: string;
}

/** `kubectl linkerd-certs WORDS -o json`, as it is run from the sources. */
export function begin(words: readonly string[], { kubeconfig, dir }: Place): Working {
  const main = join(import.meta.dirname, "..", "..", "plugin", "main.ts");
  const child = spawn(process.execPath, [main, ...words, "-o", "json"], {
    cwd: dir,
    env: { PATH: process.env["PATH"], HOME: dir, KUBECONFIG: kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const told: Told[] = [];
  const listeners: ((line: Told) => void)[] = [];
  let stderr = "";
  let peakMiB = 0;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Told; // its own contract, docs/rotation-json.md
    told.push(line);
    peakMiB = Math.max(peakMiB, highest(child.pid ?? 0) || 0); // no number once it is gone
    for (const listener of listeners) listener(line);
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, told, stderr, peakMiB }));
  return {
    pid: child.pid ?? 0,
    told,
    onLine: (listener) => void listeners.push(listener),
    tells: (what, isSo) =>
      new Promise((resolve, reject) => {
        const look = (line: Told) => isSo(line) && resolve(line);
        told.forEach(look);
        listeners.push(look);
        void ended.then(() => reject(new Error(`it ended before ${what}:\n${stderr}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
