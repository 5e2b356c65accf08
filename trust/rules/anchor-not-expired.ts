import { distinct } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// `linkerd check` fails on any expired anchor and asks nothing more. Identity refuses issuers under
// it; proxies do not look at an anchor's dates.
export default defineRule({
  id: "anchor-not-expired",
  severity: "deny",
  summary: "no anchor has expired",
  breaks: "Identity refuses issuers signed by it, and `linkerd check` stops at it.",
  remedy: "Take the expired anchor out; if it was the only one, replace anchor and issuer together.",
  needs: ["bundle"],

  check({ bundle, now }) {
    return distinct(bundle.anchors)
      .filter((anchor) => anchor.notAfter < now)
      .map((anchor) => `anchor ${named(anchor)} expired at ${moment(anchor.notAfter)}`);
  },
});
