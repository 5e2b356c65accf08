export { readBundle } from "./bundle.ts";
export { openCertificate } from "./certificate.ts";
export { readCredentials } from "./credentials.ts";
export { findPrivateKeys } from "./private-keys.ts";
export type * from "./types.ts";
export { verifyAsIdentity } from "./verify-go.ts";
export { verifyIssuerAsProxy, verifyLeafAsProxy } from "./verify-webpki.ts";
