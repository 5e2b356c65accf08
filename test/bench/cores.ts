import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

// Asked before anything is pinned, for that changes the answer.
const cores = availableParallelism();

/**
 * The server under test has the last core to itself. All else, this process and
 * what it starts, has the others: generator, API server, etcd.
 */
export const pinned: boolean = cores > 1 && spawnSync("taskset", ["-c", last(), "true"]).status === 0;

/** A command that runs on the core kept for servers. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return pinned ? ["taskset", "-c", last(), ...command] : command;
}

/** Gives this process, and what it starts from now on, the other cores or all of them. */
export function keepTo(which: "other cores" | "all cores"): void {
  if (!pinned) return;
  const end = which === "all cores" ? cores - 1 : cores - 2;
  spawnSync("taskset", ["-a", "-c", "-p", `0-${end}`, String(process.pid)]);
}

function last(): string {
  return String(cores - 1);
}
