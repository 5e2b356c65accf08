import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goUnits, parseDuration } from "../../trust/duration.ts";

const read: Readonly<Record<string, number>> = {
  "24h0m0s": 86_400_000,
  "1h30m0.5s": 5_400_500,
  "250ms": 250,
  "1.h": 3_600_000,
  ".5s": 500,
  "2000000ns": 2,
  "1500us": 1.5,
  "1500\u00b5s": 1.5,
  "1500\u03bcs": 1.5,
  "0": 0,
  "0s": 0,
};

const refused: readonly unknown[] = [
  "",
  "soon",
  "5",
  "1h30",
  "1 h",
  "h",
  ".s",
  "1..5h",
  "1d",
  "1H",
  "-1h",
  "1hconstructor",
  "1constructor",
  " 1h",
  undefined,
  null,
  3600,
];

describe("a duration", () => {
  for (const [text, ms] of Object.entries(read)) {
    test(`of ${text} is read as Go reads it`, () => assert.equal(parseDuration(text), ms));
  }

  for (const what of refused) {
    test(`is none: ${JSON.stringify(what)}`, () => assert.equal(parseDuration(what), undefined));
  }

  test("has the units that it is given", () => {
    const units = new Map([...goUnits, ["d", 86_400_000] as const]);
    assert.equal(parseDuration("1d12h", units), 129_600_000);
  });

  test("costs no more than its length, however long and wrong it is", () => {
    assert.equal(parseDuration("1".repeat(1e6)), undefined);
    assert.equal(parseDuration("1.".repeat(1e6)), undefined);
  });
});
