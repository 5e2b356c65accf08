import { readFileSync } from "node:fs";

// What Linux tells of a process. Elsewhere there is nothing to read: the memory section says so.

/** Mebibytes that are in memory now. */
export const resident = (pid: number): number => mebibytes(`/proc/${pid}/status`, "VmRSS");

/** The most that it ever was. */
export const highest = (pid: number): number => mebibytes(`/proc/${pid}/status`, "VmHWM");

/** As resident, what is shared with others counted in proportion. */
export const proportional = (pid: number): number => mebibytes(`/proc/${pid}/smaps_rollup`, "Pss");

/** Milliseconds of processor time used so far; other work on the machine does not add to it. */
export function processorMs(pid: number): number {
  // The name, in brackets, may hold anything; user and system time are the 12th and 13th after it.
  const fields =
    read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, "")
      .split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick;
}

export const available = read("/proc/self/smaps_rollup") !== undefined;

// USER_HZ, which is 100 on every Linux that people run.
const millisecondsPerTick = 10;

function mebibytes(file: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(read(file) ?? "")?.[1];
  return kibibytes === undefined ? Number.NaN : Number(kibibytes) / 1024;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
