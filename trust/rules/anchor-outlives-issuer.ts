import type { Facts, Issuer } from "../facts.ts";
import { sameAnchor, signersOf, works } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule, type Found } from "../rule.ts";
import type { Certificate } from "../x509/index.ts";

/** Issuers that live this long or less are renewed by a machine. */
const shortLived = 7 * 86_400_000;

// A machine that renews an issuer runs into its anchor's end at last. Refusing that renewal would bring
// the end of the mesh forward, so there it is a warning.
export default defineRule({
  id: "anchor-outlives-issuer",
  severity: "deny",
  summary: "an anchor that verifies the issuer lasts at least as long as the issuer",
  breaks: "The mesh stops when the anchor expires, while the issuer still looks valid.",
  remedy: "Give the issuer an end no later than its anchor's, or rotate the anchor first.",
  needs: ["issuer", "bundle"],

  check({ issuer, bundle, previous, now }) {
    const { certificate } = issuer;
    // Mostly so, and to find all anchors that verify the issuer takes a while.
    if (bundle.anchors.every((anchor) => anchor.notAfter >= certificate.notAfter)) return [];
    const signers = signersOf(issuer).filter((signer) => signer.fingerprint !== certificate.fingerprint);
    if (signers.length === 0 || signers.some((signer) => signer.notAfter >= certificate.notAfter)) return [];
    const mild = lifetime(certificate) <= shortLived || renews(issuer, previous, now);
    return signers.map((signer): Found => {
      const message = `anchor ${named(signer)} expires at ${moment(signer.notAfter)}, before issuer ${named(certificate)}`;
      return mild ? { message, severity: "warn" } : message;
    });
  },
});

/** The same again: under the same anchor, for no longer a life, and no sooner an end. */
function renews(issuer: Issuer, previous: Facts | undefined, now: Date): boolean {
  const old = previous?.issuer;
  if (old === undefined || !works(old, now)) return false;
  return (
    lifetime(issuer.certificate) <= lifetime(old.certificate) &&
    issuer.certificate.notAfter >= old.certificate.notAfter &&
    signersOf(issuer).every((signer) => signersOf(old).some((known) => sameAnchor(known, signer)))
  );
}

function lifetime({ notBefore, notAfter }: Certificate): number {
  return notAfter.getTime() - notBefore.getTime();
}
