import { distinct, endsSoon } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "anchor-not-expiring-soon",
  severity: "warn",
  summary: "no anchor expires soon",
  breaks: "When the last anchor that verifies the issuer expires, no proxy gets a certificate any more.",
  remedy: "Rotate to a new anchor while the old one is valid; it takes a restart of every meshed pod.",
  needs: ["bundle"],

  check({ bundle, now, thresholds }) {
    return distinct(bundle.anchors)
      .filter((anchor) => endsSoon(anchor, now, thresholds))
      .map((anchor) => `anchor ${named(anchor)} expires at ${moment(anchor.notAfter)}`);
  },
});
