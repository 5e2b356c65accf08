import { defineRule } from "../rule.ts";
import { moment, named } from "../words.ts";

// Identity cuts a leaf's end to its issuer's (linkerd2 pkg/tls/ca.go), so leaves grow ever shorter.
export default defineRule({
  id: "issuer-outlives-leaves",
  severity: "warn",
  summary: "the issuer lasts longer than a leaf",
  breaks: "Leaves end with their issuer, and all proxies renew at once.",
  remedy: "Renew the issuer earlier: with at least a leaf's lifetime left (24 h by default).",
  needs: ["issuer", "issuance"],

  check({ issuer: { certificate }, issuance, now }) {
    const left = certificate.notAfter.getTime() - now.getTime();
    if (left < 0 || left >= issuance.lifetimeMs) return [];
    return [
      `issuer ${named(certificate)} expires at ${moment(certificate.notAfter)}, sooner than a leaf signed now would`,
    ];
  },
});
