import { clockSkewMs } from "../clock-skew.ts";
import type { Facts } from "../facts.ts";
import { moment, named } from "../naming.ts";
import { defaultPolicy } from "../policy.ts";
import type { Rule } from "../rule.ts";
import anchorAlgorithmSupported from "../rules/anchor-algorithm-supported.ts";
import anchorAlreadyValid from "../rules/anchor-already-valid.ts";
import anchorIsCa from "../rules/anchor-is-ca.ts";
import anchorNotExpired from "../rules/anchor-not-expired.ts";
import issuerAlgorithmSupported from "../rules/issuer-algorithm-supported.ts";
import issuerAlreadyValid from "../rules/issuer-already-valid.ts";
import issuerIsCa from "../rules/issuer-is-ca.ts";
import issuerNotExpired from "../rules/issuer-not-expired.ts";
import type { Certificate } from "../x509/index.ts";
import type { Block } from "./plan.ts";
import { chains } from "./sight.ts";
import type { LiveIssuer } from "./view.ts";

const ofAnchors: readonly Rule[] = [anchorIsCa, anchorNotExpired, anchorAlgorithmSupported];
const ofIssuers: readonly Rule[] = [
  issuerIsCa,
  issuerNotExpired,
  issuerAlreadyValid,
  issuerAlgorithmSupported,
];

/** What is wrong with anchors before they are written anywhere, by the guard's own rules. */
export function unsoundAnchors(anchors: readonly Certificate[], now: Date): Block[] {
  if (anchors.length === 0)
    return [{ what: "there is no incoming anchor", remedy: "Name the anchor that the mesh is to trust." }];
  const refused = anchors.flatMap((one) =>
    one.refusedByProxy === undefined
      ? []
      : [
          {
            what: `proxies cannot read anchor ${named(one)}: ${one.refusedByProxy}`,
            remedy: "Make another anchor.",
          },
        ],
  );
  const facts = { ...base(now), bundle: { anchors } };
  // In a mesh as it is that is worth a warning; nobody begins a rotation with such an anchor. Clocks differ a little.
  const early = found([anchorAlreadyValid], { ...facts, now: new Date(now.getTime() + clockSkewMs) });
  return [...refused, ...found(ofAnchors, facts), ...early];
}

/** What is wrong with an issuer that is to be written under these anchors: known before the first write, where its certificate is. */
export function unsoundIssuer(
  issuer: Pick<LiveIssuer, "certificate" | "intermediates">,
  anchors: readonly Certificate[],
  now: Date,
): Block[] {
  const { certificate } = issuer;
  const own = found(ofIssuers, { ...base(now), issuer: { ...issuer, key: "matches" } });
  if (!chains(issuer, anchors, now))
    return [
      ...own,
      {
        what: `issuer ${named(certificate)} does not chain to an incoming anchor`,
        remedy: "Sign it with the incoming anchor's key.",
      },
    ];
  const above = anchors.filter((one) => chains(issuer, [one], now));
  if (above.some((one) => one.notAfter >= certificate.notAfter)) return own;
  const ends = above.map((one) => `${named(one)} at ${moment(one.notAfter)}`).join(", ");
  return [
    ...own,
    {
      what: `issuer ${named(certificate)} ends at ${moment(certificate.notAfter)}, after its anchor: ${ends}`,
      remedy: "Sign an issuer that ends no later than its anchor.",
    },
  ];
}

function found(rules: readonly Rule[], facts: Facts): Block[] {
  return rules.flatMap((rule) =>
    rule
      .check(facts)
      .map((one) => (typeof one === "string" ? { message: one } : one))
      .filter((one) => !("severity" in one))
      .map(({ message }) => ({ what: message, remedy: rule.remedy })),
  );
}

const base = (now: Date): Facts => ({
  now,
  namespace: "",
  thresholds: defaultPolicy.thresholds,
  terminating: false,
});
