/** What would move a cursor, colour, hide or turn what stands beside it: control, format, line separators, and what is no character. */
export const unsafe = /[\p{C}\p{Zl}\p{Zp}]/gu;
const unsafeRuns = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;
const anyUnsafe = /[^\x20-\x7e]/;

/** Somebody else's prose as one line, for terminals, logs and Events: what is unsafe becomes a space, and so do many. At most `limit` characters of it. */
export function harmless(text: string, limit = 2000): string {
  return cut(text.replace(unsafeRuns, " ").trim(), limit);
}

/** A name that somebody else has given: what is unsafe is written out, so that two names stay two. At most `limit` characters of it. */
export function printable(text: string, limit = 512): string {
  const safe = anyUnsafe.test(text)
    ? text.replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    : text;
  return cut(safe, limit);
}

// Half of a character of two units is none.
function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
