import rule from "../../../trust/rules/anchor-not-expiring-soon.ts";
import { after, anchor, day, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

/** An anchor of so many days, of which so many milliseconds are left. */
const lasting = (days: number, left: number) =>
  anchor(`${days} days`, { notBefore: after(left - days * day), notAfter: after(left) });

const tenYears = lasting(3650, 60 * day - second);
const hundredDays = lasting(100, 20 * day - second);
const lastSecond = lasting(100, 0);

testRule(rule, {
  passes: {
    "ten years, most of them left": facts(),
    "ten years, and exactly sixty days left": facts({ bundle: [lasting(3650, 60 * day)] }),
    "a hundred days, and exactly a fifth left": facts({ bundle: [lasting(100, 20 * day)] }),
    "it has expired, which is another matter": facts({ bundle: [lasting(100, -second)] }),
  },
  finds: {
    "sixty days less a second of ten years": [
      facts({ bundle: [root, tenYears] }),
      `anchor ${called(tenYears)} expires at 2026-07-31T11:59:59Z`,
    ],
    "a fifth less a second of a hundred days, twice in the bundle": [
      facts({ bundle: [hundredDays, hundredDays] }),
      `anchor ${called(hundredDays)} expires at 2026-06-21T11:59:59Z`,
    ],
    "its very last second": [
      facts({ bundle: [lastSecond] }),
      `anchor ${called(lastSecond)} expires at 2026-06-01T12:00:00Z`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
