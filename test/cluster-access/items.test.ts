import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitItems } from "../../cluster/wire/items.ts";

const list = {
  kind: "List",
  apiVersion: "v1",
  metadata: { resourceVersion: "7", continue: "next" },
  items: [
    {
      metadata: { name: "one" },
      text: 'brackets ]}[{ and "quotes" and \\ and \n',
      nested: [{ a: [[]] }, {}],
    },
    { metadata: { name: "zwei, ä, 語" }, list: [1, "2", null] },
  ],
};
const { items: _, ...envelope } = list;

describe("a list that arrives in pieces", () => {
  for (const size of [1, 2, 3, 7, 64, 100_000]) {
    test(`is split into its items, with pieces of ${size} bytes`, async () => {
      assert.deepEqual(await split(JSON.stringify(list), size), {
        items: list.items,
        rest: { ...envelope, items: [] },
      });
    });
  }

  test("is split when it is indented", async () => {
    assert.deepEqual((await split(JSON.stringify(list, null, 2), 10)).items, list.items);
  });

  test("may have its items first, as custom resources do", async () => {
    const { items, rest } = await split(JSON.stringify({ items: list.items, ...envelope }), 10);
    assert.deepEqual(items, list.items);
    assert.deepEqual(rest, { ...envelope, items: [] });
  });

  test("may be empty", async () => {
    assert.deepEqual(await split(JSON.stringify({ ...list, items: [] }), 10), {
      items: [],
      rest: { ...envelope, items: [] },
    });
    assert.deepEqual((await split(JSON.stringify({ ...list, items: null }), 10)).items, []);
  });

  test("is a failure when it is cut off, and the failure quotes nothing of it", async () => {
    const whole = JSON.stringify(list);
    for (const end of [0, 5, 60, 150, whole.length - 1]) {
      await assert.rejects(split(whole.slice(0, end), 10), {
        name: "Failure",
        message: "the API server's answer is not JSON",
      });
    }
  });
});

async function split(text: string, size: number): Promise<{ items: unknown[]; rest: unknown }> {
  const items: unknown[] = [];
  const rest = await splitItems(pieces(text, size), (item) => items.push(item));
  return { items, rest };
}

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
