// Certificates for tests, minted on the fly: sound unless an option spoils them.
//   const root = anchor();
//   const late = issuer(root, { notAfter: after(-second) });
//   bundle(root, anchor("another root"));

export { type KeyKind, type KeyPair, keyIdOf, keyPair, rsaPair } from "./keys.ts";
export { anchor, issuer, leaf, type Minted, mint, withDer } from "./mint.ts";
export {
  after,
  day,
  type ExtKeyUsage,
  type GeneralName,
  hour,
  type KeyUsage,
  now,
  type Options,
  type Spoil,
  second,
  year,
} from "./options.ts";
export { bundle, ecParameters, encryptedPkcs8, encryptedTraditional, pemBlock } from "./pem.ts";
export type { Algorithm } from "./signatures.ts";
