import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "issuer-not-expired",
  severity: "deny",
  summary: "the issuer has not expired",
  breaks: "Identity refuses it, and proxies lose their certificates within a day.",
  remedy: "Issue a new one from an anchor in the bundle.",
  needs: ["issuer"],

  check({ issuer: { certificate }, now }) {
    if (certificate.notAfter >= now) return [];
    return [`issuer ${named(certificate)} expired at ${moment(certificate.notAfter)}`];
  },
});
