export { readBundle } from "./bundle.ts";
export { openCertificate } from "./certificate.ts";
export { readCredentials } from "./credentials.ts";
export { verifyAsIdentity } from "./go/verify.ts";
export { certificatePem, pemBlock } from "./pem/write.ts";
export { findPrivateKeys } from "./private-keys/find.ts";
export type * from "./types.ts";
export { verifyIssuerAsProxy, verifyLeafAsProxy } from "./webpki/verify.ts";
