import { createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import type { Extension, ICryptoEngine } from "pkijs";

/** pkijs as it is needed here. Loaded by who mints, when it mints: nobody else pays for it. */
export type Tools = Awaited<ReturnType<typeof loadTools>>;

export async function loadTools() {
  const [pkijs, asn1] = await Promise.all([import("pkijs"), import("asn1js")]);
  // Two sets of types disagree on methods of WebCrypto that are newer than pkijs and that it does not call.
  const engine = new pkijs.CryptoEngine({ name: "node", crypto: webcrypto as Crypto });
  // pkijs leaves out the NULL that RSA's algorithms must have (RFC 4055 section 5); webpki insists on it.
  const parametersOf = engine.getSignatureParameters.bind(engine);
  engine.getSignatureParameters = async (key, hash) => {
    const parameters = await parametersOf(key, hash);
    if (key.algorithm.name !== "ECDSA") parameters.signatureAlgorithm.algorithmParams = new asn1.Null();
    return parameters;
  };
  return { pkijs, asn1, engine: engine as unknown as ICryptoEngine };
}

/** A key that can sign with SHA-256, as pkijs wants it: ECDSA P-256, or RSA as older anchors have it. */
export function signingKey(key: KeyObject): CryptoKey {
  if (key.asymmetricKeyType === "rsa")
    return key.toCryptoKey({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]);
  return key.toCryptoKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

export function publicKeyInfo({ pkijs }: Tools, key: KeyObject) {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return pkijs.PublicKeyInfo.fromBER(half.export({ format: "der", type: "spki" }));
}

/** A Name of one common name, or the Name that the bytes are, kept as it is written. */
export function nameOf({ pkijs, asn1 }: Tools, subject: string | Uint8Array) {
  if (typeof subject !== "string") return pkijs.RelativeDistinguishedNames.fromBER(bufferOf(subject));
  const value = new asn1.Utf8String({ value: subject });
  const typesAndValues = [new pkijs.AttributeTypeAndValue({ type: "2.5.4.3", value })];
  return new pkijs.RelativeDistinguishedNames({ typesAndValues });
}

/** Whole seconds, for Go refuses fractions; four digits of the year from 2050 on (RFC 5280 section 4.1.2.5). */
export function timeOf({ pkijs }: Tools, date: Date) {
  const value = new Date(Math.floor(date.getTime() / 1000) * 1000);
  return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
}

export function extension(
  { pkijs }: Tools,
  extnID: string,
  critical: boolean,
  value: { toBER(): ArrayBuffer },
): Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

/** A buffer that holds these bytes and nothing else. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
