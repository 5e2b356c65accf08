import assert from "node:assert/strict";
import { test } from "node:test";
import { interner } from "../../cluster/interner.ts";

test("equal texts become one, before and after the interner forgets", () => {
  const intern = interner(2);
  for (const text of ["a", "b", "a", "c", "d", "a"]) assert.equal(intern(text), text);
});
