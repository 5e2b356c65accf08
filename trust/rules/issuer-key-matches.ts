import { layouts } from "../gather/issuer-secret.ts";
import { defineRule } from "../rule.ts";

// linkerd2 pkg/tls/codec.go DecodePEMKey and pkg/tls/cred.go matchesCertificate.
export default defineRule({
  id: "issuer-key-matches",
  severity: "deny",
  summary: "the issuer's private key belongs to its certificate",
  breaks: "Identity skips the update, or does not start.",
  remedy:
    "Write certificate and key of the same issuer, the key unencrypted as EC PRIVATE KEY or PRIVATE KEY.",
  needs: ["issuerSecret"],
  malformed: "issuer",

  check({ issuerSecret: { scheme, readings, keys } }) {
    const reading = scheme === undefined ? undefined : readings[scheme];
    // A key that is missing altogether is issuer-present's to report.
    if (scheme === undefined || reading === undefined || !keys.includes(layouts[scheme].key)) return [];
    const { certificate, key } = layouts[scheme];
    if (reading.key === "unreadable")
      return [`identity cannot read ${key}: ${reading.keyRefused ?? "no private key"}`];
    return reading.key === "differs" ? [`${key} is not the key of the certificate in ${certificate}`] : [];
  },
});
