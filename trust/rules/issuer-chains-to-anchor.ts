import { unused } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Identity verifies with Go's crypto/x509, which minds an anchor's dates and extensions; proxies
// verify with webpki, which takes an anchor as name and key. Where identity refuses, no leaf is
// made for a proxy to refuse, so there is one finding for both. Its message names no issuer: where
// the pair is broken already, mending it takes two writes, and the first of them leaves it broken.
export default defineRule({
  id: "issuer-chains-to-anchor",
  severity: "deny",
  summary: "the issuer is signed by an anchor in the trust bundle",
  breaks: "Identity keeps the issuer it had, or does not start; leaves of it are refused by the whole mesh.",
  remedy: "Add the issuer's anchor to the bundle first, or issue it from an anchor that is there.",
  needs: ["issuer", "bundle"],
  follows: ["issuer-is-ca", "issuer-algorithm-supported", "bundle-overlaps-previous"],

  check({ issuer: { certificate, byIdentity, byProxies }, bundle, mesh, now }) {
    // No issuer is better than another then, an expired one no worse: both objects must be replaced.
    if (bundle.anchors.every((anchor) => anchor.notAfter < now)) {
      return [
        { message: "the issuer chains to no anchor in the trust bundle", detail: "every anchor has expired" },
      ];
    }
    // An expired issuer has a rule of its own, and nothing to lose.
    if (certificate.notAfter < now) return [];
    // Where nothing of the mesh runs, an install may be tried again with other certificates, one by one.
    const mild = unused(mesh) ? { severity: "warn" as const } : {};
    if (byIdentity?.ok === false) {
      const who =
        byProxies?.ok === false ? "identity and proxies refuse" : "identity refuses, proxies would not,";
      return [
        {
          message: "the issuer chains to no anchor in the trust bundle",
          detail: `${who} ${named(certificate)}: ${byIdentity.reason ?? "no chain"}`,
          ...mild,
        },
      ];
    }
    if (byProxies?.ok === false) {
      return [
        {
          message: "the issuer is accepted by identity, but proxies refuse its leaves",
          detail: `${named(certificate)}: ${byProxies.reason ?? "no chain"}`,
          ...mild,
        },
      ];
    }
    return [];
  },
});
