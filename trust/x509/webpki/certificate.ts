import { binary, sameBytes } from "../bytes.ts";
import { constructed, content, type Der, der, type Element, empty, next, read, tags } from "../der.ts";
import { oid } from "../oid.ts";
import { attempt, refuse } from "../refusal.ts";

/** A certificate as webpki keeps it: the contents of its parts, mostly unread (cert.rs). */
export interface WebpkiCertificate {
  readonly signedBytes: Uint8Array;
  /** Contents of the AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly validity: Uint8Array;
  readonly spki: Uint8Array;
  basicConstraints?: Uint8Array;
  extendedKeyUsage?: Uint8Array;
  nameConstraints?: Uint8Array;
  san?: Uint8Array;
}

export interface WebpkiAnchor {
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly nameConstraints?: Uint8Array;
}

/** Cert::from_der: a leaf or an intermediate; throws a Refusal with webpki's name for the error. */
function readForChain(bytes: Uint8Array): WebpkiCertificate {
  return readV3(bytes, true);
}

/** anchor_from_trusted_cert (trust_anchor.rs): critical extensions do not matter, and v1 will do. */
export function readForAnchor(bytes: Uint8Array): WebpkiAnchor {
  const certificate = attempt(() => readV3(bytes, false));
  if (typeof certificate !== "string") return certificate;
  if (certificate !== "UnsupportedCertVersion") return refuse(certificate);
  const anchor = attempt(() => readV1(bytes));
  return typeof anchor === "string" ? refuse("BadDer") : anchor;
}

/** As both, or the names of the errors. Only critical extensions matter to one and not to the other. */
export function readForBoth(bytes: Uint8Array): {
  readonly chain: WebpkiCertificate | string;
  readonly anchor: WebpkiAnchor | string;
} {
  const chain = attempt(() => readForChain(bytes));
  return { chain, anchor: typeof chain === "string" ? attempt(() => readForAnchor(bytes)) : chain };
}

// Lengths of 64 KiB and more are refused (TWO_BYTE_DER_SIZE).
const limit = 0xffff;
const take = (from: Der, tag: number): Element => read(from, tag, limit) ?? refuse("BadDer");
const nested = (from: Der, tag: number, error: string): Element => read(from, tag, limit) ?? refuse(error);
const end = (from: Der, error: string): void => (empty(from) ? undefined : refuse(error));

function readV3(bytes: Uint8Array, strict: boolean): WebpkiCertificate {
  const input = der(bytes);
  const outer = nested(input, tags.sequence, "TrailingData");
  const tbs = take(outer, tags.sequence);
  const signedBytes = bytes.subarray(tbs.start, tbs.end);
  const algorithm = content(take(outer, tags.sequence));
  const signature = bitString(outer);
  end(outer, "TrailingData");
  end(input, "TrailingData");

  readVersion3(tbs);
  take(tbs, tags.integer);
  if (!sameBytes(content(take(tbs, tags.sequence)), algorithm)) refuse("SignatureAlgorithmMismatch");
  const [issuer, validity, subject, spki] = [part(tbs), part(tbs), part(tbs), part(tbs)];
  const certificate: WebpkiCertificate = {
    signedBytes,
    algorithm,
    signature,
    issuer,
    validity,
    subject,
    spki,
  };
  if (!empty(tbs)) readExtensions(tbs, certificate, strict);
  end(tbs, "TrailingData");
  return certificate;
}

const part = (tbs: Der): Uint8Array => content(take(tbs, tags.sequence));

function readVersion3(tbs: Der): void {
  const wrapped = nested(tbs, constructed(0), "UnsupportedCertVersion");
  const version = content(take(wrapped, tags.integer));
  const isOctet = version.length === 1 && (version[0] ?? 0) < 0x80;
  const isLargeOctet = version.length === 2 && version[0] === 0 && (version[1] ?? 0) >= 0x80;
  if (!isOctet && !isLargeOctet) refuse("BadDer");
  if (isLargeOctet || version[0] !== 2 || !empty(wrapped)) refuse("UnsupportedCertVersion");
}

/** A BIT STRING without unused bits, as webpki wants signatures and keys. */
export function bitString(from: Der): Uint8Array {
  const bits = content(nested(from, tags.bitString, "TrailingData"));
  return bits[0] === 0 ? bits.subarray(1) : refuse("BadDer");
}

type Kept =
  | "keyUsage"
  | "san"
  | "basicConstraints"
  | "nameConstraints"
  | "distributionPoints"
  | "extendedKeyUsage"
  | "scts";

const kept = new Map<string, Kept>([
  [oid("2.5.29.15"), "keyUsage"],
  [oid("2.5.29.17"), "san"],
  [oid("2.5.29.19"), "basicConstraints"],
  [oid("2.5.29.30"), "nameConstraints"],
  [oid("2.5.29.31"), "distributionPoints"],
  [oid("2.5.29.37"), "extendedKeyUsage"],
  [oid("1.3.6.1.4.1.11129.2.4.2"), "scts"],
]);

function readExtensions(tbs: Der, out: WebpkiCertificate, strict: boolean): void {
  const wrapped = nested(tbs, constructed(3), "TrailingData");
  const sequence = nested(wrapped, tags.sequence, "TrailingData");
  const seen = new Set<Kept>();
  while (!empty(sequence)) {
    const extension = nested(sequence, tags.sequence, "TrailingData");
    const id = binary(content(take(extension, tags.oid)));
    const critical = readBoolean(extension);
    const value = der(content(take(extension, tags.octetString)));
    const name = kept.get(id);
    if (name !== undefined) keep(name, value, out, seen);
    else if (critical && strict) refuse("UnsupportedCriticalExtension");
    end(extension, "TrailingData");
  }
  end(wrapped, "TrailingData");
}

function keep(name: Kept, value: Der, out: WebpkiCertificate, seen: Set<Kept>): void {
  if (seen.has(name)) refuse("ExtensionValueInvalid");
  seen.add(name);
  if (name === "keyUsage") return;
  const inner = content(take(value, name === "scts" ? tags.octetString : tags.sequence));
  end(value, "BadDer");
  if (name !== "distributionPoints" && name !== "scts") out[name] = inner;
}

/** A BOOLEAN that defaults to false, though false may be written. */
export function readBoolean(from: Der): boolean {
  if (!next(from, tags.boolean)) return false;
  const value = content(nested(from, tags.boolean, "TrailingData"));
  if (value[0] !== 0xff && value[0] !== 0) refuse("BadDer");
  return value.length > 1 ? refuse("TrailingData") : value[0] === 0xff;
}

function readV1(bytes: Uint8Array): WebpkiAnchor {
  const input = der(bytes);
  const outer = nested(input, tags.sequence, "TrailingData");
  const tbs = nested(outer, tags.sequence, "TrailingData");
  take(tbs, tags.integer);
  for (let skipped = 0; skipped < 3; skipped++) take(tbs, tags.sequence);
  const [subject, spki] = [part(tbs), part(tbs)];
  end(tbs, "TrailingData");
  take(outer, tags.sequence);
  take(outer, tags.bitString);
  end(outer, "TrailingData");
  end(input, "BadDer");
  return { subject, spki };
}
