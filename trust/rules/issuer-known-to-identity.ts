import { sameAnchor, signersOf, works } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Identity reads the bundle once, when it starts, and the issuer whenever it changes. An issuer of an
// anchor it has not read is skipped with a Warning event (IssuerUpdateSkipped), and the mesh stops
// days later, when the old issuer ends. An identity that is older than the bundle surely knows only
// the anchors of the issuer that it signs with now.
export default defineRule({
  id: "issuer-known-to-identity",
  severity: "deny",
  summary: "the running identity controller has read the issuer's anchor",
  breaks: "Identity skips the new issuer (IssuerUpdateSkipped) and stops signing when the old one expires.",
  remedy: "Restart deploy/linkerd-identity, wait until it is available, then write the issuer.",
  needs: ["issuer", "previous", "mesh", "trustRoots"],

  check({ issuer, previous, mesh, trustRoots, now }) {
    const old = previous.issuer;
    if (mesh.identity === undefined || old?.certificate.fingerprint === issuer.certificate.fingerprint)
      return [];
    const { createdAt } = mesh.identity;
    const { changedAt } = trustRoots;
    if (changedAt !== undefined && createdAt > changedAt) return [];
    const signers = signersOf(issuer);
    if (signersOf(old).some((known) => signers.some((signer) => sameAnchor(known, signer)))) return [];
    const signer = signers[0];
    // Without a chain another rule speaks; without a working issuer there is nothing to lose.
    if (signer === undefined || !works(old, now)) return [];
    const since = changedAt === undefined ? "at a time that is not recorded" : `at ${moment(changedAt)}`;
    return [
      {
        message: `identity started before the trust bundle last changed, so it may not know anchor ${named(signer)}`,
        detail: `identity's pod was made at ${moment(createdAt)}, the bundle changed ${since}`,
      },
    ];
  },
});
