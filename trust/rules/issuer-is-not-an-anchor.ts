import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// What `linkerd install` does when it is given no certificates.
export default defineRule({
  id: "issuer-is-not-an-anchor",
  severity: "warn",
  summary: "the issuer is not itself an anchor",
  breaks: "The anchor's key lives in the cluster, and the issuer cannot be renewed without a full rotation.",
  remedy: "Rotate to an anchor whose key is kept elsewhere, and an issuer that it signs.",
  needs: ["issuer", "bundle"],

  check({ issuer: { certificate }, bundle }) {
    const same = bundle.anchors.some((anchor) => anchor.keyFingerprint === certificate.keyFingerprint);
    return same ? [`issuer ${named(certificate)} has the key of an anchor in the trust bundle`] : [];
  },
});
