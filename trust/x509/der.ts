import { binary, byte } from "./bytes.ts";

/** A cursor over DER: what is left to read is bytes[at, end). */
export interface Der {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

/** One element: a cursor over its content that remembers its tag and where its header starts. */
export interface Element extends Der {
  readonly tag: number;
  readonly start: number;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a context-specific element, such as [0]. */
export const context = (number: number): number => 0x80 | number;
export const constructed = (number: number): number => 0xa0 | number;

export function der(bytes: Uint8Array): Der {
  return { bytes, at: 0, end: bytes.length };
}

export const empty = (from: Der): boolean => from.at >= from.end;
export const content = (from: Der): Uint8Array => from.bytes.subarray(from.at, from.end);
/** The element with its header. */
export const whole = (element: Element): Uint8Array => element.bytes.subarray(element.start, element.end);
export const next = (from: Der, tag: number): boolean => from.at < from.end && from.bytes[from.at] === tag;

/**
 * The next element, as cryptobyte's readASN1 and webpki's
 * read_tag_and_get_value read it (X.690 section 10.1): low tag numbers only,
 * lengths definite and minimal. webpki also wants them below a limit.
 */
export function readAny(from: Der, limit = Number.POSITIVE_INFINITY): Element | undefined {
  const { bytes, at: start, end } = from;
  if (end - start < 2) return undefined;
  const tag = byte(bytes, start);
  if ((tag & 0x1f) === 0x1f) return undefined;
  let length = byte(bytes, start + 1);
  let at = start + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 4 || end - at < octets) return undefined;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + byte(bytes, at + i);
    if (length < 0x80 || length < 256 ** (octets - 1)) return undefined;
    at += octets;
  }
  if (length >= limit || length > end - at) return undefined;
  from.at = at + length;
  return { bytes, tag, start, at, end: at + length };
}

/** The next element if it has this tag. */
export function read(from: Der, tag: number, limit?: number): Element | undefined {
  const element = readAny(from, limit);
  return element?.tag === tag ? element : undefined;
}

/** The content of a minimally encoded INTEGER (X.690 section 8.3.2). */
export function readInteger(from: Der, tag: number = tags.integer): Uint8Array | undefined {
  const element = read(from, tag);
  if (element === undefined || empty(element)) return undefined;
  if (element.end - element.at === 1) return content(element);
  const [first, second] = [byte(element.bytes, element.at), byte(element.bytes, element.at + 1)];
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80) ? undefined : content(element);
}

/** The number, if it fits in 64 bits with sign; as a bigint, because 64 bits do not fit in a number. */
export function readInt64(from: Der, tag?: number): bigint | undefined {
  const value = readInteger(from, tag);
  return value === undefined || value.length > 8 ? undefined : signed(value);
}

/** A two's complement number, big-endian, as INTEGER holds it. */
export function signed(value: Uint8Array): bigint {
  let number = 0n;
  for (const octet of value) number = (number << 8n) | BigInt(octet);
  return BigInt.asIntN(value.length * 8, number);
}

/** DER's two values only: undefined for any other octet. */
export function readBoolean(from: Der): boolean | undefined {
  const element = read(from, tags.boolean);
  if (element === undefined || element.end - element.at !== 1) return undefined;
  const value = byte(element.bytes, element.at);
  return value === 0xff ? true : value === 0 ? false : undefined;
}

/** The content of an OBJECT IDENTIFIER whose arcs fit in 31 bits, one character for one byte. */
export function readOid(from: Der): string | undefined {
  const element = read(from, tags.oid);
  if (element === undefined || empty(element)) return undefined;
  let value = 0;
  let octets = 0;
  for (let at = element.at; at < element.end; at++) {
    const octet = byte(element.bytes, at);
    if ((octets === 0 && octet === 0x80) || octets === 5 || value >= 2 ** 24) return undefined;
    value = value * 128 + (octet & 0x7f);
    octets++;
    if (octet < 0x80) value = octets = 0;
  }
  return octets === 0 ? binary(element.bytes, element.at, element.end) : undefined;
}

/** A BIT STRING: its bytes and how many bits at the end are padding. */
export function readBitString(from: Der): { bytes: Uint8Array; padding: number } | undefined {
  const element = read(from, tags.bitString);
  if (element === undefined || empty(element)) return undefined;
  const padding = byte(element.bytes, element.at);
  const bytes = element.bytes.subarray(element.at + 1, element.end);
  if (padding > 7 || (bytes.length === 0 && padding > 0)) return undefined;
  if (bytes.length > 0 && (byte(bytes, bytes.length - 1) & ((1 << padding) - 1)) !== 0) return undefined;
  return { bytes, padding };
}

/** As asn1.BitString.RightAlign: the padding goes to the front. */
export function rightAligned(bits: { bytes: Uint8Array; padding: number }): Uint8Array {
  const { bytes, padding } = bits;
  if (padding === 0 || bytes.length === 0) return bytes;
  return bytes.map((octet, i) => (octet >> padding) | (i === 0 ? 0 : byte(bytes, i - 1) << (8 - padding)));
}
