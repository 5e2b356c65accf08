import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refusing, type State } from "./facts.ts";

/** Given this state, this write is refused by these rules; by none, it passes. */
export type Writes = Readonly<Record<string, readonly [given: State, write: State, refusedBy?: string[]]>>;

export function specify(promise: string, writes: Writes): void {
  describe(promise, () => {
    for (const [title, [given, write, refusedBy = []]] of Object.entries(writes)) {
      test(`${title}: ${refusedBy.length === 0 ? "passes" : "refused"}`, () => {
        assert.deepEqual(refusing(given, write), refusedBy);
      });
    }
  });
}
