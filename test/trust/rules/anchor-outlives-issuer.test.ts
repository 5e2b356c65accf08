import rule from "../../../trust/rules/anchor-outlives-issuer.ts";
import { after, anchor, day, issuer, keyPair, second } from "../../certificates/index.ts";
import { called, facts, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const key = keyPair("P-256", "shared");
const short = anchor("short", { key, notAfter: after(10 * day) });
const long = anchor("short", { key, notAfter: after(400 * day) });
const lasting = (end: number, start = -7 * day) =>
  issuer(short, { notBefore: after(start), notAfter: after(end) });

const oneSecondMore = lasting(10 * day + second);
const week = lasting(10 * day + second, 3 * day + second);
const weekAndSecond = lasting(10 * day + 2 * second, 3 * day + second);
const ends = `anchor ${called(short)} expires at 2026-06-11T12:00:00Z, before issuer`;
const itself = anchor("identity.linkerd.");

testRule(rule, {
  passes: {
    "the anchor lasts longer": facts(),
    "both end in the same second": facts({ bundle: [short], issuer: lasting(10 * day) }),
    "its renewal lasts longer, and verifies too": facts({ bundle: [short, long], issuer: oneSecondMore }),
    "the issuer is its own anchor": facts({ bundle: [itself], issuer: itself }),
    "the issuer chains to nothing, which is another matter": facts({
      bundle: [anchor("stranger")],
      issuer: oneSecondMore,
    }),
  },
  finds: {
    "the issuer lasts a second longer": [
      facts({ bundle: [short], issuer: oneSecondMore }),
      `${ends} ${called(oneSecondMore)}`,
    ],
    "an issuer of a week, which a machine renews": [
      facts({ bundle: [short], issuer: week }),
      { message: `${ends} ${called(week)}`, severity: "warn" },
    ],
    "an issuer of a week and a second": [
      facts({ bundle: [short], issuer: weekAndSecond }),
      `${ends} ${called(weekAndSecond)}`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where the bundle cannot be read": facts({ bundle: unseen }),
  },
});
