import { byte } from "./bytes.ts";
import { type Curve, curveOf, isPoint } from "./curve.ts";
import {
  der,
  type Element,
  empty,
  read,
  readAny,
  readBitString,
  readInt64,
  readInteger,
  readOid,
  rightAligned,
  tags,
  whole,
} from "./der.ts";
import { oid } from "./oid.ts";
import { need, refuse } from "./refusal.ts";
import type { PublicKey } from "./types.ts";

/** A public key that can verify signatures, or one that Go reads but cannot use. */
export type Key =
  | { readonly kind: "ECDSA"; readonly curve: Curve; readonly point: Uint8Array }
  | { readonly kind: "RSA"; readonly modulus: Uint8Array; readonly exponent: bigint }
  | { readonly kind: "Ed25519"; readonly bytes: Uint8Array }
  | { readonly kind: "DSA" };

/** An AlgorithmIdentifier: its OID and its parameters as they are written, header and all. */
export interface Algorithm {
  readonly oid: string;
  readonly parameters: Uint8Array | undefined;
}

/** As Go's parseAI, which leaves alone what follows the parameters. */
export function readAlgorithm(sequence: Element): Algorithm {
  const algorithm = need(readOid(sequence), "malformed OID");
  if (empty(sequence)) return { oid: algorithm, parameters: undefined };
  return { oid: algorithm, parameters: whole(need(readAny(sequence), "malformed parameters")) };
}

/** A SubjectPublicKeyInfo as Go's parseCertificate reads it; undefined if Go does not know the algorithm. */
export function readPublicKey(spki: Element): Key | undefined {
  const identifier = need(read(spki, tags.sequence), "malformed public key algorithm identifier");
  const algorithm = readAlgorithm(identifier);
  const data = rightAligned(need(readBitString(spki), "malformed subjectPublicKey"));
  switch (algorithm.oid) {
    case keyOids.rsa:
      return readRsa(algorithm, data);
    case keyOids.ec:
      return readEc(algorithm, data);
    case keyOids.ed25519:
      if (algorithm.parameters !== undefined) refuse("Ed25519 key encoded with illegal parameters");
      return data.length === 32 ? { kind: "Ed25519", bytes: data } : refuse("wrong Ed25519 public key size");
    case keyOids.dsa:
      return readDsa(algorithm, data);
    default:
      return undefined;
  }
}

/** As other rooms get to see it: algorithm and size. */
export function describeKey(key: Key | undefined): PublicKey {
  switch (key?.kind) {
    case "ECDSA":
      return { algorithm: "ECDSA", curve: key.curve.name, bits: key.curve.bits };
    case "RSA":
      return { algorithm: "RSA", bits: bitLength(key.modulus) };
    case "Ed25519":
      return { algorithm: "Ed25519", bits: 256 };
    default:
      return { algorithm: "other" };
  }
}

/** Of a number without leading zero octets. */
export const bitLength = (number: Uint8Array): number =>
  number.length === 0 ? 0 : number.length * 8 - Math.clz32(byte(number, 0)) + 24;

export const keyOids = {
  rsa: oid("1.2.840.113549.1.1.1"),
  ec: oid("1.2.840.10045.2.1"),
  ed25519: oid("1.3.101.112"),
  dsa: oid("1.2.840.10040.4.1"),
} as const;

export const isNull = (parameters: Uint8Array | undefined): boolean =>
  parameters?.length === 2 && parameters[0] === tags.null && parameters[1] === 0;

function readRsa({ parameters }: Algorithm, data: Uint8Array): Key {
  if (!isNull(parameters)) refuse("RSA key missing NULL parameters");
  const sequence = need(read(der(data), tags.sequence), "invalid RSA public key");
  const modulus = need(readInteger(sequence), "invalid RSA modulus");
  const exponent = need(readInt64(sequence), "invalid RSA public exponent");
  const positive = positiveNumber(modulus);
  if (positive === undefined) return refuse("RSA modulus is not a positive number");
  if (exponent <= 0n) refuse("RSA public exponent is not a positive number");
  return { kind: "RSA", modulus: positive, exponent };
}

function readEc({ parameters }: Algorithm, data: Uint8Array): Key {
  const curveOid = need(parameters && readOid(der(parameters)), "invalid ECDSA parameters");
  const curve = need(curveOf(curveOid), "unsupported elliptic curve");
  if (data[0] !== 4) refuse("ecdsa: invalid uncompressed public key");
  return isPoint(curve, data)
    ? { kind: "ECDSA", curve, point: data }
    : refuse(`${curve.name} point not on curve`);
}

function readDsa({ parameters }: Algorithm, data: Uint8Array): Key {
  const y = need(readInteger(der(data)), "invalid DSA public key");
  const invalid = "invalid DSA parameters";
  const sequence = need(parameters && read(der(parameters), tags.sequence), invalid);
  const numbers = [
    y,
    need(readInteger(sequence), invalid),
    need(readInteger(sequence), invalid),
    need(readInteger(sequence), invalid),
  ];
  if (numbers.some((number) => positiveNumber(number) === undefined))
    refuse("zero or negative DSA parameter");
  return { kind: "DSA" };
}

/** Without the octet that keeps the sign; undefined if zero or negative. */
export function positiveNumber(integer: Uint8Array): Uint8Array | undefined {
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  return byte(integer, 0) >= 0x80 || magnitude.length === 0 ? undefined : magnitude;
}
