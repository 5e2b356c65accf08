import { endsSoon } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "issuer-not-expiring-soon",
  severity: "warn",
  summary: "the issuer does not expire soon",
  breaks: "When it expires, proxies lose their certificates within a day.",
  remedy: "Issue a new one from the same anchor; identity takes it up without a restart.",
  needs: ["issuer"],

  check({ issuer: { certificate }, now, thresholds }) {
    if (!endsSoon(certificate, now, thresholds)) return [];
    return [`issuer ${named(certificate)} expires at ${moment(certificate.notAfter)}`];
  },
});
