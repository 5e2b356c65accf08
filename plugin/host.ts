import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces, userInfo } from "node:os";
import type { Host } from "../cluster/rotation/host.ts";

/**
 * This machine and this process on it. `alive` is whether a process of that id
 * can be signalled. Few ask, so it is found out when they do: that takes longer
 * than most answers.
 */
export function hostOf(pid: number, alive: (pid: number) => boolean): Host {
  return {
    get name() {
      return hostname();
    },
    get user() {
      return attempt(() => userInfo().username) ?? "somebody";
    },
    get machine() {
      return machine();
    },
    pid,
    isRunning: (other) => alive(other) && !isZombie(other),
  };
}

/** Where Linux tells it: this boot and this container, whose process ids mean the same. Elsewhere the network cards. */
function machine(): string {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  const processes = attempt(() => readlinkSync("/proc/self/ns/pid"));
  const cards = Object.values(networkInterfaces())
    .flatMap((all) => all?.map(({ mac }) => mac) ?? [])
    .sort();
  const marks = boot === undefined ? cards : [boot, processes];
  return createHash("sha256")
    .update(JSON.stringify([hostname(), ...new Set(marks)]))
    .digest("hex")
    .slice(0, 16);
}

/** Ended, but not yet noticed by the process that started it. */
function isZombie(pid: number): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return stat !== undefined && /\) Z /.test(stat);
}

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // not told on this system
  }
}
