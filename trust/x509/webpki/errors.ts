/** webpki's errors: how telling each is (Error::rank in error.rs), and what it means. */
const errors: Readonly<Record<string, readonly [rank: number, meaning: string]>> = {
  CertNotValidYet: [290, "it is not valid yet"],
  CertExpired: [290, "it has expired"],
  CertDistrusted: [270, "its key is one that proxies distrust"],
  InvalidSignatureForPublicKey: [260, "the signature is not by its issuer's key"],
  SignatureAlgorithmMismatch: [250, "it names two different signature algorithms"],
  EmptyEkuExtension: [245, "its extended key usage is empty"],
  RequiredEkuNotFoundContext: [240, "its extended key usage does not allow this"],
  NameConstraintViolation: [230, "a name constraint does not permit a name"],
  PathLenConstraintViolated: [220, "more intermediates than a path length allows"],
  CaUsedAsEndEntity: [210, "a CA certificate is used as a leaf"],
  EndEntityUsedAsCa: [210, "a certificate that is no CA is used as one"],
  InvalidCertValidity: [190, "its validity ends before it starts"],
  InvalidNetworkMaskConstraint: [180, "a name constraint has an invalid network mask"],
  UnsupportedSignatureAlgorithmForPublicKeyContext: [
    150,
    "the signature algorithm does not fit the issuer's key",
  ],
  UnsupportedSignatureAlgorithmContext: [140, "the signature algorithm is not supported by proxies"],
  UnsupportedCriticalExtension: [130, "it has a critical extension that proxies do not know"],
  UnsupportedCertVersion: [130, "it is not of version 3"],
  MaximumPathDepthExceeded: [61, "the chain is too long"],
  MalformedDnsIdentifier: [60, "it has a malformed DNS name"],
  MalformedNameConstraint: [50, "a name constraint is malformed"],
  TrailingData: [40, "it is not well-formed, or has fields that proxies do not know"],
  ExtensionValueInvalid: [30, "it has an extension twice"],
  BadDerTime: [20, "it has a malformed time, or one before 1970"],
  BadDer: [10, "it is not well-formed"],
  UnknownIssuer: [0, "no anchor or intermediate issued it"],
  MaximumSignatureChecksExceeded: [0, "too many signatures to check"],
  MaximumPathBuildCallsExceeded: [0, "too many paths to try"],
  MaximumNameConstraintComparisonsExceeded: [0, "too many name constraints to check"],
};

/** Errors that end the search for a path. */
export const isFatal = (error: string): boolean =>
  error.startsWith("Maximum") && error.endsWith("Exceeded") && error !== "MaximumPathDepthExceeded";

/** Error::most_specific: of two errors, the one that says more; of equals, the first. */
export function moreTelling(a: string, b: string): string {
  return (errors[a]?.[0] ?? 0) >= (errors[b]?.[0] ?? 0) ? a : b;
}

/** The error in words, with webpki's name for it, which is what a proxy logs. */
export const because = (error: string): string => `${errors[error]?.[1] ?? "it is refused"} (${error})`;
