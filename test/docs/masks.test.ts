import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asShown, masked } from "./masks.ts";

const alike = (one: string, other: string) => assert.equal(masked()(one), masked()(other));
const different = (one: string, other: string) => assert.notEqual(masked()(one), masked()(other));

describe("a screen on a page is what came", () => {
  test("at another time, of another certificate, on another machine", () => {
    alike(
      '2026-11-27T11:55:20Z test: "root" (e8de98c3) until 2036-11-24T11:52:28Z (in 364 days), by jane@east',
      '2027-01-02T03:04:05Z test: "root" (01234567) until 2037-01-02T03:04:05Z (in 3 days), by jane@west',
    );
    alike("linkerd-identity-6b985fd8b7-6rkfk   75s", "linkerd-identity-5c7f9d8b4-x2x2x  2m3s");
    // One in thousands is so: a fingerprint without a digit, a pod's hash of few letters.
    alike('"root" (e8de98c3)', '"root" (deadbeef)');
    alike("web-6b985fd8b7-6rkfk", "web-59d7c-x2x2x");
  });

  test("but with the same words and numbers", () => {
    different("3 proxies trust it", "2 proxies trust it");
    different("√ no anchor has expired", "× no anchor has expired");
    different("exit code 1", "exit code 2");
  });

  test("and the same certificate in the same places", () => {
    different("from e8de98c3 to 01234567, without e8de98c3", "from e8de98c3 to 01234567, without 01234567");
  });
});

describe("a line … stands for any lines", () => {
  const came = "one\n2026-11-27T11:55:20Z two\nthree\nfour\n";
  test("between those that are shown", () => {
    const shown = "one\n2020-01-01T00:00:00Z two\n…\nfour\n";
    assert.equal(asShown(shown, came), "one\n2026-11-27T11:55:20Z two\n…\nfour\n");
    assert.equal(asShown("…\nthree\n…\n", came), "…\nthree\n…\n");
  });
  test("but not for none of its own: what is shown must come, in this order, and nothing besides", () => {
    for (const shown of ["one\n…\nfive\n", "…\nthree\n…\none\n…\n", "one\n…\nthree\n", "three\n…\n"])
      assert.equal(asShown(shown, came), undefined, shown);
  });
});
