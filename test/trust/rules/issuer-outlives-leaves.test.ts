import rule from "../../../trust/rules/issuer-outlives-leaves.ts";
import { after, anchor, day, hour, issuer, keyPair, type Minted, second } from "../../certificates/index.ts";
import { called, change, facts, root, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
import { identityArgs, identityPod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const lasting = (left: number) => issuer(root, { notAfter: after(left) });
const leafLife = day + 20 * second;
const tooShort = lasting(leafLife - second);
const lastSecond = lasting(0);
const twelveHours = lasting(12 * hour);
const shortLeaves = identityPod({ identityArgs: identityArgs({ "identity-issuance-lifetime": "1h30m" }) });
const tooShortForThose = lasting(90 * 60 * second);
const wrongKey = issuerSecret(issuer(root), "kubernetes.io/tls", { "tls.key": keyPair().pem });
const ends = (one: Minted, at: string) =>
  `issuer ${called(one)} expires at ${at}, sooner than a leaf signed now would`;
const mild = (message: string) => ({ message, severity: "warn" }) as const;

testRule(rule, {
  passes: {
    "a year is left": facts(),
    "exactly a leaf's life is left, skew included": facts({ issuer: lasting(leafLife) }),
    "12 hours are left, and leaves live for an hour and a half": facts({
      issuer: twelveHours,
      mesh: [shortLeaves],
    }),
    "it has expired, which is another matter": facts({ issuer: lasting(-second) }),
  },
  finds: {
    "a second less than a leaf's life is left": [
      facts({ issuer: tooShort }),
      mild(ends(tooShort, "2026-06-02T12:00:19Z")),
    ],
    "its very last second": [facts({ issuer: lastSecond }), mild(ends(lastSecond, "2026-06-01T12:00:00Z"))],
    "12 hours are left": [facts({ issuer: twelveHours }), mild(ends(twelveHours, "2026-06-02T00:00:00Z"))],
    "leaves live for an hour and a half and 20 seconds, and 90 minutes are left": [
      facts({ issuer: tooShortForThose, mesh: [shortLeaves] }),
      mild(ends(tooShortForThose, "2026-06-01T13:30:00Z")),
    ],
    "a stored one is written over one that lasts longer": [
      change({}, { issuer: twelveHours }),
      ends(twelveHours, "2026-06-02T00:00:00Z"),
    ],
    "over one that ends a second later": [
      change({ issuer: lasting(12 * hour + second) }, { issuer: twelveHours }),
      ends(twelveHours, "2026-06-02T00:00:00Z"),
    ],
    "over one that ends in the same second": [
      change({ issuer: lasting(12 * hour) }, { issuer: twelveHours }),
      mild(ends(twelveHours, "2026-06-02T00:00:00Z")),
    ],
    "over one that ends sooner": [
      change({ issuer: lasting(hour) }, { issuer: twelveHours }),
      mild(ends(twelveHours, "2026-06-02T00:00:00Z")),
    ],
    "over one with another's key, which did not work": [
      change({ issuer: wrongKey }, { issuer: twelveHours }),
      mild(ends(twelveHours, "2026-06-02T00:00:00Z")),
    ],
    "over one of no anchor in the bundle, which did not work": [
      change({ issuer: issuer(anchor("stranger")) }, { issuer: twelveHours }),
      mild(ends(twelveHours, "2026-06-02T00:00:00Z")),
    ],
    "the first issuer of all": [
      change({ issuer: undefined }, { issuer: twelveHours }),
      mild(ends(twelveHours, "2026-06-02T00:00:00Z")),
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where nobody keeps a record of issuers": facts({ seen: unseen }),
  },
});
