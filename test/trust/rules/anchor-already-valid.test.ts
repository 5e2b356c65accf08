import rule from "../../../trust/rules/anchor-already-valid.ts";
import { after, anchor, day, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const young = anchor("young", { notBefore: after(second) });
const tomorrow = anchor("tomorrow", { notBefore: after(day) });

testRule(rule, {
  passes: {
    "valid for a month": facts(),
    "its first second is this one": facts({ bundle: [anchor("now", { notBefore: after(0) })] }),
    "it has expired, which is another matter": facts({
      bundle: [anchor("ended", { notAfter: after(-second) })],
    }),
  },
  finds: {
    "a second too early": [
      facts({ bundle: [root, young] }),
      `anchor ${called(young)} is not valid before 2026-06-01T12:00:01Z`,
    ],
    "a day too early, and twice in the bundle": [
      facts({ bundle: [tomorrow, tomorrow] }),
      `anchor ${called(tomorrow)} is not valid before 2026-06-02T12:00:00Z`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
