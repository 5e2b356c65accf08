import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { highest } from "./proc.ts";

/** One run of a program: how long a user waits, and the most memory that it ever held. */
export interface Run {
  readonly ms: number;
  readonly mebibytes: number;
}

export interface Program {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs them in turns, so that each meets the same minutes of the machine. */
export async function inTurns<Name extends string>(
  programs: Readonly<Record<Name, Program>>,
  times: number,
): Promise<Record<Name, Run[]>> {
  const names = Object.keys(programs) as Name[]; // its own
  const runs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Run[]>;
  // The first of each fills the caches, of the disk and of kubectl, and is not counted.
  for (let time = 0; time <= times; time++) {
    for (const name of names) {
      const run = await runOnce(programs[name]);
      if (time > 0) runs[name].push(run);
    }
  }
  return runs;
}

async function runOnce({ command: [file = "", ...args], env }: Program): Promise<Run> {
  const started = performance.now();
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let mebibytes = 0;
  const look = () => {
    const seen = highest(child.pid ?? 0);
    if (seen > mebibytes) mebibytes = seen;
  };
  // The kernel forgets its highest with the process, so it is asked all the time.
  const looking = setInterval(look, 20);
  const said = await ended(child);
  clearInterval(looking);
  const ms = performance.now() - started;
  // 2 is check's "something was found", which is no matter here.
  if (child.exitCode !== 0 && child.exitCode !== 2)
    throw new Error(`${file} ${args.join(" ")} ended in ${child.exitCode ?? child.signalCode}: ${said}`);
  return { ms, mebibytes };
}

/** Waits for its end; gives the end of its complaints. What it says goes nowhere: our reading would slow it down. */
async function ended(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-500);
  });
  await once(child, "close");
  return said;
}
