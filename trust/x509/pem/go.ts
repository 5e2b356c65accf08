import { decodeAsGo } from "./base64.ts";

/** A block as Go's encoding/pem finds it, with its place in the text. */
export interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  readonly bytes: Uint8Array;
  /** Where its BEGIN line starts, and where the text goes on after its END line. */
  readonly begin: number;
  readonly end: number;
}

const beginMark = "-----BEGIN ";
const endMark = "\n-----END ";
const dashes = "-----";

/**
 * pem.Decode (Go 1.26, encoding/pem): the next block that is sound. It looks
 * for an END line, and from there back for a BEGIN line; what is not sound is
 * passed over silently. The text holds one character for one byte.
 */
export function nextPemBlock(text: string, from: number): PemBlock | undefined {
  let trailer = from;
  for (;;) {
    const start = trailer;
    const end = text.indexOf(endMark, start);
    if (end < 0) return undefined;
    trailer = end + endMark.length;
    // A slice, so that the search backwards ends where this one began.
    const begin = text.slice(start, end).lastIndexOf(beginMark) + start;
    if (begin < start || (begin > start && text[begin - 1] !== "\n")) continue;
    const first = line(text, begin + beginMark.length);
    if (!first.text.endsWith(dashes)) continue;
    const type = first.text.slice(0, -dashes.length);
    const body = skipHeaders(text, first.next);
    // Headers that run past the END line leave nothing to go on from.
    if (body === undefined || trailer < body) return undefined;
    const hasHeaders = body > first.next;
    if (hasHeaders && end < body) continue;
    if (!text.startsWith(type + dashes, trailer)) continue;
    const rest = line(text, trailer + type.length + dashes.length);
    if (rest.text !== "") continue;
    const bytes = end > body ? decodeAsGo(text.slice(body, end)) : new Uint8Array();
    if (bytes !== undefined) return { type, hasHeaders, bytes, begin, end: rest.next };
  }
}

/** Go's getLine: up to the line end, without white space before it. */
function line(text: string, at: number): { readonly text: string; readonly next: number } {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return { text: trimmed(text, at, text.length), next: text.length };
  const end = newline > at && text[newline - 1] === "\r" ? newline - 1 : newline;
  return { text: trimmed(text, at, end), next: newline + 1 };
}

function trimmed(text: string, start: number, from: number): string {
  let end = from;
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return text.slice(start, end);
}

/** Every line with a colon is a header; where the body starts, or undefined if there is none. */
function skipHeaders(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const header = line(text, at);
    if (!header.text.includes(":")) return at;
    at = header.next;
  }
  return undefined;
}
