import rule from "../../../trust/rules/anchor-outlives-issuer.ts";
import { after, anchor, day, issuer, keyPair, type Minted, second } from "../../certificates/index.ts";
import { called, change, facts, type State, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
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

const month = lasting(25 * day, -5 * day);
const renewed = lasting(30 * day, 0);
const monthAndSecond = lasting(30 * day + second, 0);
const sooner = lasting(25 * day - second, 0);
const other = anchor("other", { notAfter: after(10 * day) });
const ofOther = issuer(other, { notBefore: after(0), notAfter: after(30 * day) });
const wrongKey = issuerSecret(month, "kubernetes.io/tls", { "tls.key": keyPair().pem });
const renewal = (to: Minted, from: State["issuer"] = month) =>
  change({ bundle: [short, other], issuer: from }, { issuer: to });

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
    "a month's issuer is renewed as it was, and runs into its anchor's end": [
      renewal(renewed),
      { message: `${ends} ${called(renewed)}`, severity: "warn" },
    ],
    "the same issuer is written again": [
      renewal(month),
      { message: `${ends} ${called(month)}`, severity: "warn" },
    ],
    "a renewal that lives for a second more": [renewal(monthAndSecond), `${ends} ${called(monthAndSecond)}`],
    "a renewal that ends a second sooner": [renewal(sooner), `${ends} ${called(sooner)}`],
    "a renewal under another anchor": [
      renewal(ofOther),
      `anchor ${called(other)} expires at 2026-06-11T12:00:00Z, before issuer ${called(ofOther)}`,
    ],
    "one that replaces an issuer with another's key, which did not work": [
      renewal(renewed, wrongKey),
      `${ends} ${called(renewed)}`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where the bundle cannot be read": facts({ bundle: unseen }),
  },
});
