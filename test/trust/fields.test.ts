import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fields, isRecord, list, text } from "../../trust/fields.ts";

const anything = [undefined, null, true, 7, "seven", ["kind"], { kind: "Secret" }];

describe("what nobody has checked", () => {
  test("a list is no record, and neither is null", () => {
    assert.deepEqual(anything.filter(isRecord), [{ kind: "Secret" }]);
  });

  test("has fields only where it is a record, items only where it is a list, letters only where it is a text", () => {
    assert.deepEqual(
      anything.map((one) => fields(one)["kind"]).filter((one) => one !== undefined),
      ["Secret"],
    );
    assert.deepEqual(anything.flatMap(list), ["kind"]);
    assert.deepEqual(anything.map(text).join(""), "seven");
  });
});
