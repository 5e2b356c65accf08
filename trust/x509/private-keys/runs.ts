/** A stretch of text that may be encoded bytes: where it starts, and its characters without what wraps them. */
export interface Run {
  readonly at: number;
  readonly body: string;
}

// Both are written by hand: a pattern needs memory for every character that it repeats, and fails on megabytes.

/**
 * Base64 or base64url of 16 characters and more: one line, and the lines that
 * go on with it, wrapped, indented, quoted, escaped or joined by spaces.
 */
export function* base64Runs(text: string): Generator<Run> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = nextWord(bytes, 0, 16); at < bytes.length; at = nextWord(bytes, at, 16)) {
    const start = at;
    const words: string[] = [];
    for (let word = at, least = 16; ; ) {
      const end = wordEnd(bytes, word);
      if (end - word < least) break;
      words.push(text.slice(word, end));
      at = end;
      ({ to: word, least } = gap(bytes, end));
    }
    yield { at: start, body: words.join("") };
  }
}

const base64 = tableOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-");
const [dash, backslash, newline, space] = [0x2d, 0x5c, 0x0a, 0x20];

function nextWord(bytes: Uint8Array, from: number, least: number): number {
  let at = from;
  while (at < bytes.length) {
    // A word that starts here or soon would reach as far as this.
    if (base64[bytes[at + least - 1] ?? 0] === 0) {
      at += least;
      continue;
    }
    const end = wordEnd(bytes, at);
    if (end - at >= least) return at;
    at = Math.max(end, at + 1);
  }
  return bytes.length;
}

/** Two dashes and more are the frame of PEM, which would pass for base64url. */
function wordEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    const code = bytes[at] ?? 0;
    if (base64[code] === 0 || (code === dash && (bytes[at + 1] === dash || bytes[at - 1] === dash)))
      return at;
  }
}

const glue = tableOf(" \t\r\n\"',>|");
const widestGap = 64;

/** Where the text goes on after a word, and how long a word must be there to be taken for the same run. */
function gap(bytes: Uint8Array, from: number): { readonly to: number; readonly least: number } {
  let [to, lines] = [from, 0];
  while (to < bytes.length && to - from < widestGap) {
    const escaped = lineEndEscape(bytes, to);
    if (escaped === 0 && glue[bytes[to] ?? 0] === 0) break;
    if (escaped > 0 || bytes[to] === newline) lines++;
    to += Math.max(escaped, 1);
  }
  if (lines > 0) return { to, least: 4 };
  return { to, least: to - from === 1 && bytes[from] === space ? 40 : Number.POSITIVE_INFINITY };
}

/** How long a line end is that is written as \n or \\n; 0 where there is none. */
function lineEndEscape(bytes: Uint8Array, at: number): number {
  let letter = at;
  while (bytes[letter] === backslash && letter - at < 4) letter++;
  const isLineEnd = letter > at && (bytes[letter] === 0x6e || bytes[letter] === 0x72);
  return isLineEnd ? letter + 1 - at : 0;
}

const fewestDigits = 64;
// And what stands between the bytes: 30:81, "30 81", 0x30, \x30.
const hexLike = tableOf("0123456789abcdefABCDEF \t\r\n:,;\"'\\xX");

/** Hexadecimal digits, 64 and more, whatever stands between the bytes. */
export function* hexRuns(text: string): Generator<Run> {
  const bytes = Buffer.from(text, "latin1");
  const isLike = (at: number): boolean => hexLike[bytes[at] ?? 0] === 1;
  // A run is so long that one look in as many places finds it.
  for (let probe = 0; probe < bytes.length; probe += fewestDigits) {
    if (!isLike(probe)) continue;
    let start = probe;
    while (start > 0 && isLike(start - 1)) start--;
    while (isLike(probe)) probe++;
    const span = text.slice(start, probe);
    const body = span.replace(/0x|[^0-9a-f]/gi, "");
    if (body.length >= fewestDigits) yield { at: start + span.search(/[0-9a-f]/i), body };
  }
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
