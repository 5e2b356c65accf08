import type { Certificate } from "./x509/index.ts";

/**
 * Why `linkerd check` refuses a certificate's key or signature; undefined where
 * it does not. An anchor is ECDSA P-256, or RSA of 2048 or 4096 bits; an issuer
 * is ECDSA P-256, whoever signed it.
 * (linkerd2 pkg/issuercerts/issuercerts.go)
 */
export function algorithmRefused(certificate: Certificate, role: "anchor" | "issuer"): string | undefined {
  const { key, signatureAlgorithm } = certificate;
  if (key.algorithm === "ECDSA") {
    if (key.curve !== "P-256") return `the curve ${key.curve ?? "unknown"}; only P-256 is supported`;
    const known = signatureAlgorithm === "ECDSA-SHA256" || signatureAlgorithm === "SHA256-RSA";
    return known
      ? undefined
      : `the signature algorithm ${signatureAlgorithm}; ECDSA-SHA256 and SHA256-RSA are supported`;
  }
  if (role === "issuer") return `an ${keyName(certificate)} key; only ECDSA P-256 is supported`;
  if (key.algorithm !== "RSA") return `an ${keyName(certificate)} key; ECDSA P-256 and RSA are supported`;
  if (key.bits !== 2048 && key.bits !== 4096)
    return `an RSA key of ${key.bits ?? 0} bits; 2048 and 4096 are supported`;
  return signatureAlgorithm === "SHA256-RSA"
    ? undefined
    : `the signature algorithm ${signatureAlgorithm}; SHA256-RSA is supported for RSA keys`;
}

function keyName({ key }: Certificate): string {
  return key.algorithm === "other" ? "unknown" : key.algorithm;
}
