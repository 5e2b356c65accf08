// Writes DER, and nothing stops it from writing what no authority would: tests want both.

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOctets(body.length), body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => tlv(0x31, ...parts);
export const octetString = (...parts: readonly Uint8Array[]): Buffer => tlv(0x04, ...parts);
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.of(unused), bytes);
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));
export const printable = (text: string): Buffer => tlv(0x13, Buffer.from(text));
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.of(value ? 0xff : 0));
export const nul = (): Buffer => tlv(0x05);

/** A context tag around whole elements: [n] EXPLICIT, or a constructed IMPLICIT. */
export const context = (n: number, ...parts: readonly Uint8Array[]): Buffer => tlv(0xa0 | n, ...parts);

/** A context tag in the place of a primitive's own: [n] IMPLICIT. */
export const implicit = (n: number, bytes: Uint8Array): Buffer => tlv(0x80 | n, bytes);

/** An INTEGER from its value, or from the very octets to write. */
export function integer(value: bigint | number | Uint8Array): Buffer {
  return tlv(0x02, value instanceof Uint8Array ? value : twosComplement(BigInt(value)));
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

export type TimeType = "auto" | "utc" | "generalized";

/** RFC 5280 writes years up to 2049 as UTCTime and later ones as GeneralizedTime; "auto" does too. */
export function time(date: Date, type: TimeType = "auto"): Buffer {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  const short = type === "utc" || (type === "auto" && date.getUTCFullYear() < 2050);
  return short ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const octets = bigEndian(BigInt(length));
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function twosComplement(value: bigint): Buffer {
  let size = 1n;
  while (value >= 1n << (8n * size - 1n) || value < -(1n << (8n * size - 1n))) size++;
  return bigEndian(BigInt.asUintN(Number(8n * size), value), Number(size));
}

export function bigEndian(value: bigint, size = 1): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(Math.max(size * 2, hex.length + (hex.length % 2)), "0"), "hex");
}

function base128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) octets.unshift(0x80 | (left & 0x7f));
  return octets;
}
