import { algorithmRefused } from "../algorithms.ts";
import { distinct } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// linkerd2 pkg/issuercerts/issuercerts.go, CheckTrustAnchorAlgoRequirements.
export default defineRule({
  id: "anchor-algorithm-supported",
  severity: "deny",
  summary: "every anchor uses an algorithm that Linkerd supports",
  breaks: "`linkerd check` fails and asks nothing more; some algorithms proxies refuse outright.",
  remedy: "Make anchors with ECDSA P-256 keys and SHA-256 signatures, or RSA of 2048 or 4096 bits.",
  needs: ["bundle"],

  check({ bundle }) {
    return distinct(bundle.anchors).flatMap((anchor) => {
      const why = algorithmRefused(anchor, "anchor");
      return why === undefined ? [] : [`anchor ${named(anchor)} uses ${why}`];
    });
  },
});
