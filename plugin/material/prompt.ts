import { Failure } from "../../cluster/failure.ts";
import { Interrupted } from "../command.ts";
import type { World } from "../world.ts";

/** What a real terminal has, and a test's has not. */
interface Terminal {
  setRawMode?(on: boolean): void;
  ref?(): void;
  unref?(): void;
}

/** Whether somebody sits there who can answer. */
export function canAsk({ stdin, stderr }: World): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks for yes or no; everything but yes is no. */
export async function confirm(question: string, world: World): Promise<boolean> {
  world.stderr.write(`${question} [y/N] `);
  return /^y(es)?$/i.test((await readLine(world))?.trim() ?? "");
}

/** Asks for a secret, which the terminal does not show. */
export async function askSecret(question: string, world: World): Promise<string> {
  const terminal = world.stdin as Terminal;
  // First, for whoever types fast.
  terminal.setRawMode?.(true);
  world.stderr.write(`${question}: `);
  try {
    const line = await readLine(world);
    if (line === undefined || line === "")
      throw new Failure("no passphrase was given", "Type one, or name a file that holds it.");
    return line;
  } finally {
    terminal.setRawMode?.(false);
    world.stderr.write("\n");
  }
}

const [interrupt, endOfInput] = ["\u0003", "\u0004"];
const enders = ["\r", "\n", interrupt, endOfInput];

/** One line, and not a byte more: the next question reads on from there. Undefined at the end of input. */
function readLine({ stdin, interrupted }: World): Promise<string | undefined> {
  const terminal = stdin as Terminal;
  terminal.ref?.();
  return new Promise((resolve, reject) => {
    let line = "";
    const done = (settle: () => void) => {
      stdin.removeListener("readable", take);
      stdin.removeListener("end", ended);
      stdin.removeListener("error", failed);
      interrupted.removeEventListener("abort", stopped);
      // A read that is still under way would keep the process.
      terminal.unref?.();
      settle();
    };
    const ended = () => done(() => resolve(line === "" ? undefined : line));
    const failed = (error: unknown) => done(() => reject(error));
    const stopped = () => done(() => reject(new Error("interrupted")));
    const take = () => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) {
        const text = String(chunk);
        const stop = text.split("").findIndex((key) => enders.includes(key));
        line = typed(line, stop < 0 ? text : text.slice(0, stop));
        if (stop < 0) continue;
        const rest = text.slice(stop + 1);
        if (rest !== "") stdin.unshift(rest);
        if (text[stop] === interrupt) return done(() => reject(new Interrupted("interrupted")));
        if (text[stop] === endOfInput && line === "") return done(() => resolve(undefined));
        return done(() => resolve(line));
      }
    };
    stdin.on("readable", take);
    stdin.on("end", ended);
    stdin.on("error", failed);
    interrupted.addEventListener("abort", stopped);
    take();
  });
}

/** What stands there after the keys were pressed, backspaces among them. */
function typed(before: string, keys: string): string {
  let line = before;
  for (const key of keys) line = key === "\u007f" || key === "\b" ? line.slice(0, -1) : line + key;
  return line;
}
