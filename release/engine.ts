import { spawnSync } from "node:child_process";
import { Failure } from "../cluster/failure.ts";

/** What builds images here, and the words that come first in each of its commands. */
export interface Engine {
  readonly program: string;
  readonly words: readonly string[];
}

/** buildah or podman, whichever is on PATH; both build in the same way and with the same words. */
export function findEngine(): Engine | undefined {
  const program = ["buildah", "podman"].find((name) => spawnSync(name, ["--version"]).status === 0);
  return program === undefined ? undefined : { program, words: [] };
}

/** Runs one command of the engine and gives back what it printed. */
export function engineRuns({ program, words }: Engine, ...command: readonly string[]): string {
  return runProgram(program, [...words, ...command]);
}

/**
 * Runs a program to its end and gives back what it printed. Throws where that
 * was no success: the last line of its errors, the hint has more of them.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  if (status === 0) return stdout.trim();
  const said = `${program} ${args.join(" ")}\n${error?.message ?? stderr.trim()}`;
  const [last = ""] = said.split("\n").slice(-1);
  throw new Failure(`${program}: ${last.replace(/^Error: /, "")}`, said.slice(-4000), { cause: error });
}
