import { works } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// An upgrade that writes a stored, nearly ended issuer over a fresh one is refused; that an issuer runs
// out is a warning. Identity cuts a leaf's end to its issuer's (linkerd2 pkg/tls/ca.go), so leaves grow ever shorter.
export default defineRule({
  id: "issuer-outlives-leaves",
  severity: "deny",
  summary: "the issuer lasts longer than a leaf",
  breaks: "Leaves end with their issuer, and all proxies renew at once.",
  remedy: "Renew the issuer earlier: with at least a leaf's lifetime left (24 h by default).",
  needs: ["issuer", "issuance"],

  check({ issuer: { certificate }, issuance, previous, now }) {
    const left = certificate.notAfter.getTime() - now.getTime();
    if (left < 0 || left >= issuance.lifetimeMs) return [];
    const message = `issuer ${named(certificate)} expires at ${moment(certificate.notAfter)}, sooner than a leaf signed now would`;
    const old = previous?.issuer;
    const shortens = works(old, now) && (old?.certificate.notAfter ?? now) > certificate.notAfter;
    return [shortens ? message : { message, severity: "warn" }];
  },
});
