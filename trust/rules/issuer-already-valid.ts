import { withinClockSkew } from "../clock-skew.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "issuer-already-valid",
  severity: "deny",
  summary: "the issuer is already valid",
  breaks: "Identity refuses it until then.",
  remedy: "Wait for its first moment, or check the clock that made it.",
  needs: ["issuer"],

  check({ issuer: { certificate }, now }) {
    if (certificate.notBefore <= now) return [];
    const message = `issuer ${named(certificate)} is not valid before ${moment(certificate.notBefore)}`;
    return [withinClockSkew(certificate.notBefore, now) ? { message, severity: "warn" } : message];
  },
});
