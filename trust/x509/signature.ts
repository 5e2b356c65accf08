import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import { cache } from "./cache.ts";
import { der, empty, read, readInteger, tags } from "./der.ts";
import { encode, encodeBits, encodeInteger, encodeOid, encodeSequence, octets } from "./encode.ts";
import { type Key, keyOids } from "./key.ts";
import type { Parsed } from "./parse/parsed.ts";

const checked = cache<boolean>(4096);
const keys = cache<KeyObject | "unusable">(512);

/** A key together with the fingerprint it is remembered by. */
export interface NamedKey {
  readonly fingerprint: string;
  readonly key: Key;
}

/**
 * Whether the child's signature is by this key, with the algorithm that the
 * child names: the mathematics alone. Which algorithms and keys are good
 * enough is for the callers to say, for there Go and webpki differ.
 */
export function isSignedBy(child: Parsed, childFingerprint: string, { fingerprint, key }: NamedKey): boolean {
  if (key.kind !== child.algorithm.key || key.kind === "DSA") return false;
  return checked.get(`${childFingerprint} ${fingerprint}`, () => {
    const object = keys.get(fingerprint, () => keyObject(key));
    return object !== "unusable" && holds(child, key, object);
  });
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

function holds({ algorithm, signedBytes, signature }: Parsed, key: Key, object: KeyObject): boolean {
  const digest = algorithm.hash === "none" ? null : algorithm.hash;
  if (key.kind === "ECDSA" && !isEcdsaSignature(signature)) return false;
  // Go and webpki want a signature as long as the modulus, leading zeros included.
  if (key.kind === "RSA" && signature.length !== key.modulus.length) return false;
  try {
    const options = algorithm.pss ? pss : {};
    return verify(digest, signedBytes, { key: object, ...options }, signature);
  } catch {
    // OpenSSL throws for some signatures and keys that merely do not verify.
    return false;
  }
}

// Two non-negative numbers in strict DER (RFC 3279 section 2.2.3).
function isEcdsaSignature(signature: Uint8Array): boolean {
  const input = der(signature);
  const sequence = read(input, tags.sequence);
  if (sequence === undefined || !empty(input)) return false;
  const numbers = [readInteger(sequence), readInteger(sequence)];
  return empty(sequence) && numbers.every((number) => number !== undefined && (number[0] ?? 0) < 0x80);
}

/** Node's key, made of what was understood rather than of the bytes, which OpenSSL reads by rules of its own. */
function keyObject(key: Key): KeyObject | "unusable" {
  const spki = encodeSpki(key);
  if (spki === undefined) return "unusable";
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return "unusable";
  }
}

/** A SubjectPublicKeyInfo in the one form that everybody reads. */
function encodeSpki(key: Key): Uint8Array | undefined {
  switch (key.kind) {
    case "ECDSA":
      return encodeSequence(
        encodeSequence(encodeOid(keyOids.ec), encodeOid(key.curve.oid)),
        encodeBits(key.point),
      );
    case "Ed25519":
      return encodeSequence(encodeSequence(encodeOid(keyOids.ed25519)), encodeBits(key.bytes));
    case "RSA":
      return encodeSequence(
        encodeSequence(encodeOid(keyOids.rsa), encode(tags.null)),
        encodeBits(encodeSequence(encodeInteger(key.modulus), encodeInteger(octets(key.exponent)))),
      );
    default:
      return undefined;
  }
}
