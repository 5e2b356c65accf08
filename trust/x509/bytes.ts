import { hash } from "node:crypto";

/** SHA-256, lower-case hex; of a text, that of its UTF-8. */
export function sha256(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** As bytes.Compare: -1, 0 or 1. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = byte(a, i) - byte(b, i);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}

/** The byte there; callers have checked that there is one. */
export function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

const digits = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += digits[byte(bytes, i)];
  return text;
}

/** The big-endian unsigned number. */
export function bigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`);
}

/** One character for one byte, so that offsets in the text are offsets in the bytes. */
export function binary(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start >= 24)
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(byte(bytes, i));
  return text;
}

const utf8 = new TextEncoder();

/** What a Kubernetes client hands us, as Linkerd would get it: a string is its UTF-8. */
export function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? utf8.encode(text) : text;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
