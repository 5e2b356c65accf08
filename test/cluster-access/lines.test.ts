import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { splitLines } from "../../cluster/wire/lines.ts";

describe("JSON lines", () => {
  for (const size of [1, 3, 1000]) {
    test(`are split, with pieces of ${size} bytes`, async () => {
      assert.deepEqual(await split('{"a":"ä\\n"}\n\n{"b":2}\n', size), [{ a: "ä\n" }, { b: 2 }]);
    });
  }

  test("end without the line that was cut off", async () => {
    assert.deepEqual(await split('{"a":1}\n{"b":', 4), [{ a: 1 }]);
  });

  test("that are none are a failure that does not quote them", async () => {
    await assert.rejects(
      split("secret\n", 4),
      (error: Error) => !inspect(error, { depth: 9 }).includes("secret"),
    );
  });
});

async function split(text: string, size: number): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const lines: unknown[] = [];
  for await (const line of splitLines(pieces())) lines.push(line);
  return lines;
}
