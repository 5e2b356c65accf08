export { readBundle } from "./bundle.ts";
export { openCertificate } from "./certificate.ts";
export { findPrivateKeys, readCredentials } from "./stub.ts";
export type * from "./types.ts";
export { verifyAsIdentity } from "./verify-go.ts";
export { verifyIssuerAsProxy, verifyLeafAsProxy } from "./verify-webpki.ts";
