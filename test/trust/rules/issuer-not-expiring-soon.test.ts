// https://github.com/linkerd/website/issues/1502: with a fixed sixty days, the recommended 48 hours always warn.
import rule from "../../../trust/rules/issuer-not-expiring-soon.ts";
import { after, day, hour, issuer, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

/** An issuer of so long a life, of which so much is left. */
const lasting = (life: number, left: number) =>
  issuer(root, { notBefore: after(left - life), notAfter: after(left) });

const year = lasting(365 * day, 60 * day - second);
const twoDays = lasting(50 * hour, 10 * hour - second);
const lastSecond = lasting(50 * hour, 0);

testRule(rule, {
  passes: {
    "a year, most of it left": facts(),
    "48 hours, renewed in time": facts({ issuer: lasting(48 * hour, 25 * hour) }),
    "50 hours, and exactly a fifth left": facts({ issuer: lasting(50 * hour, 10 * hour) }),
    "a year, and exactly sixty days left": facts({ issuer: lasting(365 * day, 60 * day) }),
    "it has expired, which is another matter": facts({ issuer: lasting(50 * hour, -second) }),
  },
  finds: {
    "sixty days less a second of a year": [
      facts({ issuer: year }),
      `issuer ${called(year)} expires at 2026-07-31T11:59:59Z`,
    ],
    "a fifth less a second of 50 hours": [
      facts({ issuer: twoDays }),
      `issuer ${called(twoDays)} expires at 2026-06-01T21:59:59Z`,
    ],
    "its very last second": [
      facts({ issuer: lastSecond }),
      `issuer ${called(lastSecond)} expires at 2026-06-01T12:00:00Z`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
