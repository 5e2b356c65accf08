import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Does the work while no other process does; the lock of a process that died is taken over. */
export async function withLock(lock: string, waiting: string, work: () => Promise<void>): Promise<void> {
  for (let announced = false; !take(lock); announced = true) {
    if (!announced) process.stderr.write(`${waiting}\n`);
    await sleep(500);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

// The owner's id is written first and linked into place, so nobody ever reads a lock without its owner.
function take(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (ownerLives(lock)) return false;
    rmSync(lock, { force: true });
    return take(lock);
  } finally {
    rmSync(mine, { force: true });
  }
}

function ownerLives(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
