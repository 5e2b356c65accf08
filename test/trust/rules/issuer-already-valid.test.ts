import rule from "../../../trust/rules/issuer-already-valid.ts";
import { after, issuer, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const starting = (inMs: number) => issuer(root, { notBefore: after(inMs) });
const [soon, minute, later] = [starting(second), starting(60 * second), starting(61 * second)];

testRule(rule, {
  passes: {
    "valid for a week": facts(),
    "its first second is this one": facts({ issuer: starting(0) }),
  },
  finds: {
    "a second ahead: clocks differ, and it will be valid before identity asks": [
      facts({ issuer: soon }),
      { message: `issuer ${called(soon)} is not valid before 2026-06-01T12:00:01Z`, severity: "warn" },
    ],
    "a minute ahead": [
      facts({ issuer: minute }),
      { message: `issuer ${called(minute)} is not valid before 2026-06-01T12:01:00Z`, severity: "warn" },
    ],
    "a minute and a second ahead": [
      facts({ issuer: later }),
      `issuer ${called(later)} is not valid before 2026-06-01T12:01:01Z`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
