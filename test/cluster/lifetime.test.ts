import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { startControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import { withLock } from "./lock.ts";
import { skip } from "./skip.ts";

test("stopping leaves no process and no folder", { skip }, async () => {
  const cp = await startControlPlane();
  const pids = Object.values(cp.pids());
  assert.equal(pids.length, 5);
  await cp.stop();
  assert.deepEqual(pids.filter(lives), []);
  assert.equal(existsSync(cp.dir), false);
});

for (const [how, end] of [
  ["is killed", 'process.kill(process.pid, "SIGKILL")'],
  ["is interrupted", 'process.kill(process.pid, "SIGINT")'],
  ["fails", 'throw new Error("on purpose")'],
  ["forgets to stop it", ""],
] as const) {
  test(`a program that ${how} leaves no process and no folder`, { skip }, async () => {
    const module = JSON.stringify(new URL("control-plane.ts", import.meta.url).href);
    const program = `
      const { startControlPlane } = await import(${module});
      const cp = await startControlPlane({ kwok: false });
      console.log(JSON.stringify({ dir: cp.dir, pids: Object.values(cp.pids()) }));
      ${end}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(createInterface(child.stdout), "line");
    const { dir, pids }: { dir: string; pids: number[] } = JSON.parse(line);
    assert.equal(pids.length, 2);
    await eventually(`${pids} end`, () => pids.filter(lives).length === 0);
    await eventually(`${dir} is removed`, () => !existsSync(dir));
  });
}

test("a program that does not start is named, with the end of its log", { skip }, async () => {
  await assert.rejects(
    startControlPlane({ apiServerFlags: ["--no-such-flag"] }),
    /^Error: kube-apiserver .*unknown flag: --no-such-flag/s,
  );
});

test("one at a time holds the lock, and the lock of the dead is taken over", async () => {
  const dir = mkdtempSync(join(tmpdir(), "lock-"));
  const lock = join(dir, "lock");
  writeFileSync(lock, "999999999"); // no such process
  let inside = 0;
  const work = async () => {
    assert.equal(++inside, 1);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all([withLock(lock, "waiting", work), withLock(lock, "waiting", work)]);
  rmSync(dir, { recursive: true });
});

/** Ended processes that nobody has collected yet (zombies) do not count. */
function lives(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}
