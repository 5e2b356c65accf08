import { createECDH } from "node:crypto";
import { bigint } from "../bytes.ts";
import { type Curve, curveOf } from "../curve.ts";
import {
  content,
  der,
  empty,
  read,
  readAny,
  readBitString,
  readInt64,
  readOid,
  tags,
  whole,
} from "../der.ts";
import { type Key, keyOids } from "../key.ts";
import { need, refuse } from "../refusal.ts";
import { explicitField } from "./explicit.ts";
import { looksLikeRsa, readRsaKey } from "./read-rsa.ts";

/** The public half of a private key. The private half is not kept. */
export type PublicHalf = Extract<Key, { kind: "ECDSA" | "RSA" }>;

/** SEC 1 (RFC 5915) as Go's x509.ParseECPrivateKey reads it; throws a Refusal. */
export function readSec1(bytes: Uint8Array, outerCurve?: string): PublicHalf {
  const fields = sec1Fields(bytes);
  if (fields === undefined) {
    if (pkcs8Fields(bytes) !== undefined) refuse("it says EC PRIVATE KEY but holds a PKCS#8 key");
    if (looksLikeRsa(bytes)) refuse("it says EC PRIVATE KEY but holds an RSA key");
    return refuse("failed to parse EC private key");
  }
  if (fields.version !== 1n) refuse("unknown EC private key version");
  const curve = need(curveOf(outerCurve ?? fields.curve), "unknown elliptic curve");
  const scalar = bigint(fields.scalar);
  // Leading zeros too many or too few are forgiven; a length that is not is.
  if (fields.scalar.length > curve.size && scalar >= 1n << BigInt(8 * curve.size))
    refuse("invalid private key length");
  if (scalar === 0n || scalar >= curve.n) refuse("invalid private key");
  return { kind: "ECDSA", curve, point: pointOf(curve, scalar) };
}

/** PKCS#8 (RFC 5208) as Go's x509.ParsePKCS8PrivateKey reads it, and only the kinds that Linkerd takes. */
export function readPkcs8(bytes: Uint8Array): PublicHalf {
  const fields = pkcs8Fields(bytes);
  if (fields === undefined) {
    if (sec1Fields(bytes) !== undefined) refuse("it says PRIVATE KEY but holds an EC key");
    if (looksLikeRsa(bytes)) refuse("it says PRIVATE KEY but holds an RSA key");
    return refuse("failed to parse PKCS#8 private key");
  }
  if (fields.algorithm === keyOids.rsa) return readRsaKey(fields.key);
  if (fields.algorithm === keyOids.ec)
    return readSec1(fields.key, fields.parameters && readOid(der(fields.parameters)));
  return refuse("unsupported PKCS#8 private key type: only ECDSA and RSA keys are supported");
}

function pointOf(curve: Curve, scalar: bigint): Uint8Array {
  const ecdh = createECDH(curve.openssl);
  ecdh.setPrivateKey(scalar.toString(16).padStart(2 * curve.size, "0"), "hex");
  return new Uint8Array(ecdh.getPublicKey());
}

interface Sec1 {
  readonly version: bigint;
  readonly scalar: Uint8Array;
  readonly curve: string;
}

// What follows the known fields is left alone.
function sec1Fields(bytes: Uint8Array): Sec1 | undefined {
  const sequence = read(der(bytes), tags.sequence);
  const version = sequence && readInt64(sequence);
  const key = sequence && read(sequence, tags.octetString);
  if (sequence === undefined || version === undefined || key === undefined) return undefined;
  const curve = explicitField(sequence, 0, tags.oid);
  const curveOid = curve === "absent" ? "" : curve && readOid(curve);
  const point = explicitField(sequence, 1, tags.bitString);
  const pointIsSound = point === "absent" || (point !== undefined && readBitString(point) !== undefined);
  return curveOid === undefined || !pointIsSound
    ? undefined
    : { version, scalar: content(key), curve: curveOid };
}

interface Pkcs8 {
  readonly algorithm: string;
  readonly parameters: Uint8Array | undefined;
  readonly key: Uint8Array;
}

function pkcs8Fields(bytes: Uint8Array): Pkcs8 | undefined {
  const sequence = read(der(bytes), tags.sequence);
  if (sequence === undefined || readInt64(sequence) === undefined) return undefined;
  const identifier = read(sequence, tags.sequence);
  const algorithm = identifier && readOid(identifier);
  const hasParameters = identifier !== undefined && !empty(identifier);
  const parameters = hasParameters ? readAny(identifier) : undefined;
  if (hasParameters && parameters === undefined) return undefined;
  const key = read(sequence, tags.octetString);
  if (algorithm === undefined || key === undefined) return undefined;
  return { algorithm, parameters: parameters && whole(parameters), key: content(key) };
}
