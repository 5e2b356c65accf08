import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { harmless, printable } from "../../trust/harmless.ts";

const evil = "\u001b[2J\u009b31m\u0007\r\n\u202e\u2066\u200b\u2028\u2029\ue000\ud800fine\u{e0041}";
const anyUnsafe = /[\p{C}\p{Zl}\p{Zp}]/u;

describe("somebody else's text", () => {
  test("is one line that moves, colours, hides and turns nothing", () => {
    assert.equal(harmless(evil), "[2J 31m fine");
    assert.equal(harmless(" déjà vu: 証明書 \t"), "déjà vu: 証明書");
  });

  test("that is a name is written out, and two names stay two", () => {
    assert.equal(printable("a\u202eb\n"), "a\\u{202e}b\\u{a}");
    assert.notEqual(printable("a\u200bb"), printable("a\u200cb"));
    assert.equal(printable("déjà 証明書"), "déjà 証明書");
  });

  test("is never longer than it may be, and never cut within a character", () => {
    assert.equal(harmless("abc", 3), "abc");
    assert.equal(harmless("abcd", 3), "abc…");
    assert.equal(printable("ab\u{1f600}", 3), "ab…");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, limit) => {
        for (const clean of [harmless(text, limit), printable(text, limit)]) {
          assert.doesNotMatch(clean, anyUnsafe);
          assert.ok(clean.length <= limit + 1);
        }
      }),
    );
  });
});
