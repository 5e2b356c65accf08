import rule from "../../../trust/rules/issuer-is-not-an-anchor.ts";
import { after, anchor, year } from "../../certificates/index.ts";
import { called, facts, healthyIssuer, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const both = anchor("identity.linkerd.", { serial: 1, notAfter: after(year) });
const renewed = anchor("identity.linkerd.", { key: both.key, serial: 2 });

testRule(rule, {
  passes: {
    "an anchor and an issuer that it signed": facts(),
    "another install's issuer, of the same name and serial number": facts({
      bundle: [anchor("identity.linkerd.", { serial: 1 })],
      issuer: both,
    }),
  },
  finds: {
    "linkerd install without certificates makes one for both": [
      facts({ bundle: [both], issuer: both }),
      `issuer ${called(both)} has the key of an anchor in the trust bundle`,
    ],
    "the anchor has been renewed with the same key": [
      facts({ bundle: [renewed], issuer: both }),
      `issuer ${called(both)} has the key of an anchor in the trust bundle`,
    ],
    "the issuer was added to the bundle": [
      facts({ bundle: [root, healthyIssuer] }),
      `issuer ${called(healthyIssuer)} has the key of an anchor in the trust bundle`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
