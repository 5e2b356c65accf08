import { algorithmRefused } from "../algorithms.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Identity loads an RSA issuer and says that all is well; then every request for a leaf fails,
// since leaves are signed with ECDSAWithSHA256 (linkerd2 pkg/tls/ca.go).
export default defineRule({
  id: "issuer-algorithm-supported",
  severity: "deny",
  summary: "the issuer's key is ECDSA P-256",
  breaks: "Identity loads it, and no proxy gets a certificate.",
  remedy: "Issue it with an ECDSA P-256 key and a SHA-256 signature.",
  needs: ["issuer"],

  check({ issuer: { certificate } }) {
    const why = algorithmRefused(certificate, "issuer");
    return why === undefined ? [] : [`issuer ${named(certificate)} uses ${why}`];
  },
});
