import { concat } from "./bytes.ts";
import { tags } from "./der.ts";

/** One element in DER. */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = concat(...parts);
  if (value.length < 0x80) return concat(Uint8Array.of(tag, value.length), value);
  const length = octets(BigInt(value.length));
  return concat(Uint8Array.of(tag, 0x80 | length.length), length, value);
}

export const encodeSequence = (...parts: readonly Uint8Array[]): Uint8Array =>
  encode(tags.sequence, ...parts);

/** An OID whose content is held one character for one byte. */
export const encodeOid = (id: string): Uint8Array => encode(tags.oid, fromBinary(id));

/** The bytes of a text that holds one character for one byte. */
export const fromBinary = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** A positive INTEGER. */
export function encodeInteger(magnitude: Uint8Array): Uint8Array {
  return (magnitude[0] ?? 0) >= 0x80
    ? encode(tags.integer, Uint8Array.of(0), magnitude)
    : encode(tags.integer, magnitude);
}

export const encodeBits = (bytes: Uint8Array): Uint8Array => encode(tags.bitString, Uint8Array.of(0), bytes);

/** Big-endian, as few as hold the number. */
export function octets(number: bigint): Uint8Array {
  const digits = number.toString(16);
  const pairs = (digits.length % 2 === 1 ? `0${digits}` : digits).match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
