import { distinct } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";
import type { Certificate } from "../x509/index.ts";

export default defineRule({
  id: "anchor-is-ca",
  severity: "deny",
  summary: "every anchor is a certificate authority",
  breaks: "Identity refuses every issuer signed by it.",
  remedy: "Make the anchor with basicConstraints CA:TRUE and keyUsage keyCertSign.",
  needs: ["bundle"],

  check({ bundle }) {
    return distinct(bundle.anchors).flatMap((anchor) => {
      const why = notAnAuthority(anchor);
      return why === undefined ? [] : [`anchor ${named(anchor)} is not a certificate authority: ${why}`];
    });
  },
});

// RFC 5280 4.2.1.9 and 4.2.1.3; crypto/x509 CheckSignatureFrom lets version 1 and 2 pass.
function notAnAuthority(anchor: Certificate): string | undefined {
  const { basicConstraints, keyUsage } = anchor;
  if (anchor.version === 3 && basicConstraints?.ca !== true) return "basicConstraints lacks CA:TRUE";
  if (basicConstraints?.ca === false) return "basicConstraints says CA:FALSE";
  return keyUsage !== undefined && !keyUsage.includes("certSign") ? "keyUsage lacks keyCertSign" : undefined;
}
