import rule from "../../../trust/rules/anchor-not-expired.ts";
import { after, anchor, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const ended = anchor("ended", { notAfter: after(-second) });
const endingNow = anchor("ending now", { notAfter: after(0) });
const long = anchor("long ended", { notBefore: new Date("2015-01-01"), notAfter: new Date("2025-01-01") });

testRule(rule, {
  passes: {
    "years are left": facts(),
    "its last second is this one": facts({ bundle: [endingNow] }),
    "it is not valid yet": facts({
      bundle: [anchor("young", { notBefore: after(second), notAfter: after(2 * second) })],
    }),
  },
  finds: {
    "a second ago": [facts({ bundle: [ended] }), `anchor ${called(ended)} expired at 2026-06-01T11:59:59Z`],
    "one dead anchor around a good one": [
      facts({ bundle: [long, root, long] }),
      `anchor ${called(long)} expired at 2025-01-01T00:00:00Z`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
