/** A small body cannot become much, whatever is in it. */
const small = 64 * 1024;
const deepest = 200;
const mostContainers = 200_000;

/**
 * Could this text become a harmless value? Seven megabytes of "[" become
 * hundreds of megabytes of memory, so large texts are counted through first:
 * a few milliseconds, and only for objects that are large.
 */
export function withinBounds(text: Uint8Array): boolean {
  if (text.length <= small) return true;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (byte === quote) i = endOfString(text, i);
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > deepest || ++containers > mostContainers) return false;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return true;
}

// Strings are most of a large object, so they are jumped over.
function endOfString(text: Uint8Array, start: number): number {
  let end = start;
  let backslashes: number;
  do {
    end = text.indexOf(quote, end + 1);
    if (end < 0) return text.length;
    backslashes = 0;
    while (text[end - 1 - backslashes] === backslash) backslashes++;
  } while (backslashes % 2 === 1);
  return end;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
