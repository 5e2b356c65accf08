// Whoever reaches the guard's port may ask as often as they like: the API server hears no more of it for that.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as soon } from "node:timers/promises";
import { oneAtATime } from "../../webhook/live/one-at-a-time.ts";

/** Work that ends when it is told to. */
function watched() {
  const under: PromiseWithResolvers<void>[] = [];
  let begun = 0;
  const ask = oneAtATime(() => {
    begun++;
    const one = Promise.withResolvers<void>();
    under.push(one);
    return one.promise;
  });
  return { ask, under, begun: () => begun };
}

describe("reading the other object anew", () => {
  test("is done once for a thousand who ask while it is being done, and begins after they asked", async () => {
    const { ask, under, begun } = watched();
    const first = ask();
    const others = Array.from({ length: 1000 }, ask);
    assert.equal(begun(), 1);
    under.shift()?.resolve();
    await first;
    await soon();
    assert.equal(begun(), 2);
    const late = ask();
    under.shift()?.resolve();
    await Promise.all(others);
    await soon();
    assert.equal(begun(), 3, "who asked during the second waits for the third");
    under.shift()?.resolve();
    await late;
  });

  test("begins at once where nobody is at it, again and again", async () => {
    const { ask, under, begun } = watched();
    for (let time = 1; time <= 3; time++) {
      const asked = ask();
      assert.equal(begun(), time);
      under.shift()?.resolve();
      await asked;
      await soon();
    }
  });

  test("that fails is told to those who wait for it, and not to those who wait for the next", async () => {
    const { ask, under } = watched();
    const first = ask();
    const second = ask();
    under.shift()?.reject(new Error("away"));
    await assert.rejects(first, /away/);
    await soon();
    under.shift()?.resolve();
    await second;
  });
});
