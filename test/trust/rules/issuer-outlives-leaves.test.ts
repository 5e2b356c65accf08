import rule from "../../../trust/rules/issuer-outlives-leaves.ts";
import { after, day, hour, issuer, second } from "../../certificates/index.ts";
import { called, facts, root, unseen } from "../facts.ts";
import { identityArgs, identityPod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const lasting = (left: number) => issuer(root, { notAfter: after(left) });
const leafLife = day + 20 * second;
const tooShort = lasting(leafLife - second);
const lastSecond = lasting(0);
const twelveHours = lasting(12 * hour);
const shortLeaves = identityPod({ identityArgs: identityArgs({ "identity-issuance-lifetime": "1h30m" }) });
const tooShortForThose = lasting(90 * 60 * second);

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
      `issuer ${called(tooShort)} expires at 2026-06-02T12:00:19Z, sooner than a leaf signed now would`,
    ],
    "its very last second": [
      facts({ issuer: lastSecond }),
      `issuer ${called(lastSecond)} expires at 2026-06-01T12:00:00Z, sooner than a leaf signed now would`,
    ],
    "12 hours are left": [
      facts({ issuer: twelveHours }),
      `issuer ${called(twelveHours)} expires at 2026-06-02T00:00:00Z, sooner than a leaf signed now would`,
    ],
    "leaves live for an hour and a half and 20 seconds, and 90 minutes are left": [
      facts({ issuer: tooShortForThose, mesh: [shortLeaves] }),
      `issuer ${called(tooShortForThose)} expires at 2026-06-01T13:30:00Z, sooner than a leaf signed now would`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where nobody keeps a record of issuers": facts({ seen: unseen }),
  },
});
