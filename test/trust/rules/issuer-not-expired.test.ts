import rule from "../../../trust/rules/issuer-not-expired.ts";
import { after, day, issuer, second } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const ended = issuer(root, { notAfter: after(-second) });
const yesterday = issuer(root, { notAfter: after(-day) });

testRule(rule, {
  passes: {
    "a year is left": facts(),
    "its last second is this one": facts({ issuer: issuer(root, { notAfter: after(0) }) }),
  },
  finds: {
    "a second ago": [facts({ issuer: ended }), `issuer ${called(ended)} expired at 2026-06-01T11:59:59Z`],
    "a day ago, with no bundle to ask": [
      facts({ issuer: yesterday, bundle: undefined }),
      `issuer ${called(yesterday)} expired at 2026-05-31T12:00:00Z`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
