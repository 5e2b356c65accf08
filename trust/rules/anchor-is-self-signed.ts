import { distinct } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Allowed by Go and by webpki: an anchor is trusted because it is in the bundle. Often it is
// an issuer that somebody put into the bundle by mistake.
export default defineRule({
  id: "anchor-is-self-signed",
  severity: "warn",
  summary: "every anchor is self-signed",
  breaks: "Nothing by itself, but an issuer pasted into the bundle is trusted as an anchor.",
  remedy: "Put the root that signed it into the bundle instead, unless it is meant to be an anchor.",
  needs: ["bundle"],

  check({ bundle }) {
    return distinct(bundle.anchors)
      .filter((anchor) => anchor.subject !== anchor.issuer)
      .map((anchor) => `anchor ${named(anchor)} is not self-signed`);
  },
});
