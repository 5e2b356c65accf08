import { defineRule } from "../rule.ts";
import { named } from "../words.ts";

// Identity verifies with Go's crypto/x509, which minds an anchor's dates and extensions; proxies
// verify with webpki, which takes an anchor as name and key. Where identity refuses, no leaf is
// made for a proxy to refuse, so there is one finding for both.
export default defineRule({
  id: "issuer-chains-to-anchor",
  severity: "deny",
  summary: "the issuer is signed by an anchor in the trust bundle",
  breaks: "Identity keeps the issuer it had, or does not start; leaves of it are refused by the whole mesh.",
  remedy: "Add the issuer's anchor to the bundle first, or issue it from an anchor that is there.",
  needs: ["issuer", "bundle"],
  follows: ["issuer-is-ca", "issuer-algorithm-supported", "bundle-overlaps-previous"],

  check({ issuer: { certificate, byIdentity, byProxies }, bundle, now }) {
    // An expired issuer has a rule of its own, and nothing to lose; under a bundle that has expired
    // whole, no issuer is better than another, and both objects must be replaced one after the other.
    if (certificate.notAfter < now) return [];
    if (bundle.anchors.every((anchor) => anchor.notAfter < now)) {
      return ["no issuer can chain to the trust bundle: every anchor in it has expired"];
    }
    if (byIdentity?.ok === false) {
      const who =
        byProxies?.ok === false ? "identity and proxies refuse it" : "identity refuses it, proxies would not";
      return [
        {
          message: `issuer ${named(certificate)} chains to no anchor in the trust bundle`,
          detail: `${who}: ${byIdentity.reason ?? "no chain"}`,
        },
      ];
    }
    if (byProxies?.ok === false) {
      return [
        {
          message: `issuer ${named(certificate)} is accepted by identity, but proxies refuse its leaves`,
          detail: byProxies.reason ?? "no chain",
        },
      ];
    }
    return [];
  },
});
