import { defineRule } from "../rule.ts";
import { moment, named, signersOf } from "../words.ts";

const dayMs = 86_400_000;

/** Issuers that live this long or less are renewed by a machine. */
const shortLived = 7 * dayMs;

// A machine that renews a short-lived issuer runs into its anchor's end on the last day. Refusing
// that renewal would bring the end forward, so there it is a warning.
export default defineRule({
  id: "anchor-outlives-issuer",
  severity: "deny",
  summary: "an anchor that verifies the issuer lasts at least as long as the issuer",
  breaks: "The mesh stops when the anchor expires, while the issuer still looks valid.",
  remedy: "Give the issuer an end no later than its anchor's, or rotate the anchor first.",
  needs: ["issuer", "bundle"],

  check({ issuer }) {
    const { certificate } = issuer;
    const signers = signersOf(issuer).filter((signer) => signer.fingerprint !== certificate.fingerprint);
    if (signers.length === 0 || signers.some((signer) => signer.notAfter >= certificate.notAfter)) return [];
    const lifetime = certificate.notAfter.getTime() - certificate.notBefore.getTime();
    return signers.map((signer) => {
      const message = `anchor ${named(signer)} expires at ${moment(signer.notAfter)}, before issuer ${named(certificate)}`;
      return lifetime <= shortLived ? { message, severity: "warn" } : message;
    });
  },
});
