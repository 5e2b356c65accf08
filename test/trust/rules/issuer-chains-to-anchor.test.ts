import rule from "../../../trust/rules/issuer-chains-to-anchor.ts";
import { integer } from "../../certificates/der.ts";
import { extension } from "../../certificates/extensions.ts";
import { after, anchor, bundle, issuer, second } from "../../certificates/index.ts";
import { emptyMesh, facts, healthyIssuer, root, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const [first, next] = [anchor("first"), anchor("next")];
const namesake = anchor("root.linkerd.cluster.local");
const forged = issuer(root, { flipSignature: true });
const middle = issuer(root, { name: "middle", basicConstraints: { ca: true } });
const low = issuer(middle);
const deepRoot = anchor("shallow", { basicConstraints: { ca: true, pathLength: 0 } });
const clientOnly = issuer(root, { extKeyUsage: ["clientAuth"] });
const unknownCritical = issuer(root, { unknownCritical: true });
const oddTimestamps = issuer(root, {
  extensions: [extension("1.3.6.1.4.1.11129.2.4.2", integer(1))],
});
const ended = anchor("ended", { notAfter: after(-second) });
const young = anchor("young", { notBefore: after(second) });
const underYoung = issuer(young);
const underEnded = issuer(ended);
const underDeep = issuer(deepRoot);
const underDeepLow = issuer(underDeep, { name: "low", issuerName: underDeep.name });
const lacks = "the issuer chains to no anchor in the trust bundle";

testRule(rule, {
  passes: {
    "one anchor, which signed the issuer": facts(),
    "mid-rotation: either anchor will do": facts({ bundle: [first, next], issuer: issuer(next) }),
    "the intermediate comes along in tls.crt": facts({ issuer: [low, middle] }),
    "the anchor is an intermediate itself": facts({ bundle: [middle], issuer: low }),
    "the issuer is its own anchor, as linkerd install makes it": facts({ bundle: [root], issuer: root }),
    "an expired anchor beside the one that signed it": facts({ bundle: [ended, root] }),
    "the anchor was renewed with the same key": facts({
      bundle: [anchor("root.linkerd.cluster.local", { key: root.key })],
    }),
    "an expired issuer has a rule of its own": facts({
      issuer: issuer(first, { notAfter: after(-second) }),
    }),
  },
  finds: {
    "the issuer arrives before its anchor": [
      facts({ bundle: [first], issuer: healthyIssuer }),
      {
        message: lacks,
        detail:
          /^identity and proxies refuse "identity.linkerd.cluster.local" \([0-9a-f]{8}\): .* is signed by no anchor/,
      },
    ],
    "an anchor of the right name and the wrong key": [facts({ bundle: [namesake] }), lacks],
    "a forged signature": [facts({ issuer: forged }), lacks],
    "the intermediate is missing from tls.crt": [facts({ issuer: low }), lacks],
    "the path is longer than the anchor allows": [
      facts({ bundle: [deepRoot], issuer: [underDeepLow, underDeep] }),
      lacks,
    ],
    "an extended key usage without serverAuth": [
      facts({ issuer: clientOnly }),
      {
        message: lacks,
        detail: /^identity and proxies refuse .* does not allow serverAuth/,
      },
    ],
    "the anchor is not valid yet: identity minds, proxies do not": [
      facts({ bundle: [young, first], issuer: underYoung }),
      {
        message: lacks,
        detail: /^identity refuses, proxies would not, .* is not valid before 2026-06-01T12:00:01Z$/,
      },
    ],
    "the anchor that signed it has expired": [facts({ bundle: [ended, root], issuer: underEnded }), lacks],
    "its very last second is not too late to be wrong": [
      facts({ bundle: [first], issuer: issuer(root, { notAfter: after(0) }) }),
      lacks,
    ],
    "every anchor has expired, so no issuer can be right": [
      facts({ bundle: [ended], issuer: underEnded }),
      lacks,
    ],
    "timestamps that webpki cannot read and Go does not look at": [
      facts({ issuer: oddTimestamps }),
      {
        message: "the issuer is accepted by identity, but proxies refuse its leaves",
        detail: /BadDer/,
      },
    ],
    "nothing of the mesh runs, so an install may be tried again, one object after the other": [
      facts({ bundle: [first], issuer: healthyIssuer, mesh: [] }),
      { message: lacks, severity: "warn" },
    ],
    "proxies would refuse it, but none runs": [
      facts({ issuer: oddTimestamps, mesh: [] }),
      { message: "the issuer is accepted by identity, but proxies refuse its leaves", severity: "warn" },
    ],
    "identity runs, and nobody is meshed": [
      facts({ bundle: [first], issuer: healthyIssuer, mesh: emptyMesh }),
      lacks,
    ],
    "the mesh cannot be seen": [facts({ bundle: [first], issuer: healthyIssuer, mesh: unseen }), lacks],
    "a critical extension that neither knows": [facts({ issuer: unknownCritical }), lacks],
  },
  notAsked: {
    "where there is no bundle yet": facts({ bundle: undefined }),
    "where there is no issuer yet": facts({ issuer: undefined }),
    "where identity would refuse the bundle": facts({ bundle: `${bundle(root)}\n` }),
  },
});
