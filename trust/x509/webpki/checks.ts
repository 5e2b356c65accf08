import { binary } from "../bytes.ts";
import { content, der, empty, next, read, readInteger, tags } from "../der.ts";
import { encode, encodeOid } from "../encode.ts";
import { bitLength, type Key, keyOids } from "../key.ts";
import { oid } from "../oid.ts";
import { readWebpkiValidity } from "../parse/time.ts";
import { refuse } from "../refusal.ts";
import { usageOids } from "../usages.ts";
import { bitString, readBoolean, type WebpkiCertificate } from "./certificate.ts";

export type Usage = "server" | "client";

/** webpki's check_issuer_independent_properties (verify_cert.rs); throws a Refusal with its name for the error. */
export function checkAlone(
  certificate: WebpkiCertificate,
  role: "leaf" | "issuer",
  now: Date,
  authoritiesBelow: number,
  usage: Usage,
): void {
  checkValidity(certificate.validity, now);
  checkBasicConstraints(certificate.basicConstraints, role, authoritiesBelow);
  checkUsage(certificate.extendedKeyUsage, usage);
}

// rustls knows the time to the second.
function checkValidity(validity: Uint8Array, now: Date): void {
  const { notBefore, notAfter } = validityOf(validity);
  const time = Math.floor(now.getTime() / 1000) * 1000;
  if (notBefore > notAfter) refuse("InvalidCertValidity");
  if (time < notBefore) refuse("CertNotValidYet");
  if (time > notAfter) refuse("CertExpired");
}

// The same few certificates are checked in every search for a path.
function validityOf(validity: Uint8Array): Validity {
  const known = validities.get(validity);
  if (known !== undefined) return known;
  const read = readWebpkiValidity(der(validity));
  validities.set(validity, read);
  return read;
}

type Validity = ReturnType<typeof readWebpkiValidity>;
const validities = new WeakMap<Uint8Array, Validity>();

function checkBasicConstraints(
  value: Uint8Array | undefined,
  role: "leaf" | "issuer",
  authoritiesBelow: number,
): void {
  const reader = der(value ?? nothing);
  const ca = readBoolean(reader);
  let pathLength: number | undefined;
  if (!empty(reader)) {
    const number = content(read(reader, tags.integer, 0xffff) ?? refuse("BadDer"));
    const [first = 0x80, second = 0] = number;
    if (number.length === 1 && first < 0x80) pathLength = first;
    else if (number.length === 2 && first === 0 && second >= 0x80) pathLength = second;
    else refuse("BadDer");
  }
  if (role === "leaf" && ca) refuse("CaUsedAsEndEntity");
  if (role === "issuer" && !ca) refuse("EndEntityUsedAsCa");
  if (role === "issuer" && pathLength !== undefined && authoritiesBelow > pathLength)
    refuse("PathLenConstraintViolated");
  if (!empty(reader)) refuse("BadDer");
}

const nothing = new Uint8Array();

// anyExtendedKeyUsage is nothing special there.
function checkUsage(value: Uint8Array | undefined, usage: Usage): void {
  if (value === undefined) return;
  const reader = der(value);
  if (empty(reader)) refuse("EmptyEkuExtension");
  const wanted = usage === "server" ? usageOids.serverAuth : usageOids.clientAuth;
  while (!empty(reader)) {
    if (!next(reader, tags.oid)) refuse("BadDer");
    if (binary(content(read(reader, tags.oid, 0xffff) ?? refuse("BadDer"))) === wanted) return;
  }
  refuse("RequiredEkuNotFoundContext");
}

type Kind = "ECDSA" | "RSA" | "Ed25519";

const rsa = (id: string) => binary(encodeOid(oid(id))) + binary(encode(tags.null));

// linkerd/rustls/src/crypto.rs: an AlgorithmIdentifier must be one of these to the byte.
const signatureAlgorithms = new Map<string, Kind>([
  [binary(encodeOid(oid("1.2.840.10045.4.3.2"))), "ECDSA"],
  [binary(encodeOid(oid("1.2.840.10045.4.3.3"))), "ECDSA"],
  [binary(encodeOid(oid("1.2.840.10045.4.3.4"))), "ECDSA"],
  [rsa("1.2.840.113549.1.1.11"), "RSA"],
  [rsa("1.2.840.113549.1.1.12"), "RSA"],
  [rsa("1.2.840.113549.1.1.13"), "RSA"],
  [binary(encodeOid(keyOids.ed25519)), "Ed25519"],
]);

const onCurve = (curve: string) => binary(encodeOid(keyOids.ec)) + binary(encodeOid(oid(curve)));

const keyAlgorithms = new Map<string, Kind>([
  [onCurve("1.2.840.10045.3.1.7"), "ECDSA"],
  [onCurve("1.3.132.0.34"), "ECDSA"],
  [onCurve("1.3.132.0.35"), "ECDSA"],
  [binary(encodeOid(keyOids.rsa)) + binary(encode(tags.null)), "RSA"],
  [binary(encodeOid(keyOids.ed25519)), "Ed25519"],
]);

/**
 * webpki's verify_signed_data (signed_data.rs): why a signature with this
 * algorithm could not be good, whatever the mathematics say. The SPKI is
 * content only; throws a Refusal.
 */
export function checkAlgorithms(signatureAlgorithm: Uint8Array, spki: Uint8Array): void {
  const kind =
    signatureAlgorithms.get(binary(signatureAlgorithm)) ?? refuse("UnsupportedSignatureAlgorithmContext");
  const reader = der(spki);
  const algorithm = content(read(reader, tags.sequence, 0xffff) ?? refuse("BadDer"));
  const key = bitString(reader);
  if (!empty(reader)) refuse("TrailingData");
  if (keyAlgorithms.get(binary(algorithm)) !== kind)
    refuse("UnsupportedSignatureAlgorithmForPublicKeyContext");
  if (kind === "RSA" && !isProxyRsaKey(key)) refuse("InvalidSignatureForPublicKey");
}

// RSA_PKCS1_2048_8192; AWS-LC wants strict DER, an odd modulus and an odd exponent of at most 33 bits.
function isProxyRsaKey(key: Uint8Array): boolean {
  const input = der(key);
  const sequence = read(input, tags.sequence);
  const numbers = sequence && [readInteger(sequence), readInteger(sequence)];
  if (sequence === undefined || !empty(sequence) || !empty(input)) return false;
  const [modulus, exponent] = (numbers ?? []).map((number) =>
    number?.[0] === 0 ? number.subarray(1) : number,
  );
  if (modulus === undefined || exponent === undefined) return false;
  const odd = (number: Uint8Array) => ((number[number.length - 1] ?? 0) & 1) === 1;
  const size = bitLength(modulus);
  return (
    size >= 2048 &&
    size <= 8192 &&
    odd(modulus) &&
    odd(exponent) &&
    bitLength(exponent) > 1 &&
    bitLength(exponent) <= 33
  );
}

/** Identity signs leaves with ECDSAWithSHA256, for which any of the proxies' curves will do. */
export const leafAlgorithm = encodeOid(oid("1.2.840.10045.4.3.2"));

export const isProxyCurve = (key: Key | undefined): boolean =>
  key?.kind === "ECDSA" && key.curve.name !== "P-224";
