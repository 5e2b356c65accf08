import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { learn, type Watched } from "../../../plugin/rotate/commands/learn.ts";
import { testWorld } from "../../plugin/world.ts";

test("a look at leaves that takes long says what is waited for, once, and a short one says nothing", async () => {
  for (const [ms, said] of [
    [100, 0],
    [3_000, 1],
  ] as const) {
    const observer = { looking: true };
    const watched = [{ seat: { name: "test" }, observer }] as unknown as Watched[]; // as much as is asked
    const lines: string[] = [];
    const learnt = learn(watched, [], "linkerd", testWorld(), (line) => lines.push(line));
    await pause(ms);
    observer.looking = false;
    assert.equal(await learnt, true);
    assert.equal(lines.length, said, lines.join("\n"));
  }
});
