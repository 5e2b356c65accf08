// One POST of seven megabytes once kept the guard busy for over a minute.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findPrivateKeys, readBundle, readCredentials } from "../../../trust/x509/index.ts";
import { lineCounter } from "../../../trust/x509/pem/faults.ts";
import { assertLinear, hostile } from "./work.ts";

describe("counting lines looks at no character twice", () => {
  /** A text that counts what is looked at. */
  function counting(text: string): { readonly text: string; looked(): number } {
    let looked = 0;
    const indexOf = (what: string, from = 0): number => {
      const at = text.indexOf(what, from);
      looked += (at < 0 ? text.length : at + 1) - from;
      return at;
    };
    // The counter uses nothing else of a string.
    return { text: { indexOf } as unknown as string, looked: () => looked };
  }

  for (const [title, text] of Object.entries({
    "without a newline": "x".repeat(10_000),
    "with one early": `\n${"x".repeat(10_000)}`,
    "with many": "x\n".repeat(5000),
  })) {
    test(title, () => {
      const counted = counting(text);
      const lineOf = lineCounter(counted.text);
      for (let at = 0; at < text.length; at++) assert.equal(lineOf(at), text.slice(0, at).split("\n").length);
      assert.ok(counted.looked() <= text.length, `${counted.looked()} of ${text.length}`);
    });
  }

  test("and questions that go back are answered too", () => {
    const lineOf = lineCounter("a\nb\nc\n");
    assert.deepEqual([4, 0, 2, 1, 6, 3].map(lineOf), [3, 1, 2, 1, 4, 2]);
  });
});

describe("four times the text is about four times the work", () => {
  const quarter = 1_750_000;
  for (const [title, make] of Object.entries(hostile)) {
    const own = (size: number, run: number) => `${run}\n${make(size)}`;
    test(`private keys are looked for in ${title}`, () =>
      assertLinear((size, run) => findPrivateKeys(own(size, run)), quarter));
    test(`a bundle is read: ${title}`, () =>
      assertLinear((size, run) => readBundle(own(size, run)), quarter));
    test(`credentials are read: ${title}`, () =>
      assertLinear((size, run) => readCredentials(own(size, run), own(size, -run)), quarter));
  }
});
