import type { FoundMore } from "./rule.ts";

/**
 * Findings about places in a text. Where something stands is no part of what
 * is wrong: a certificate put in front of it moves it. So lines go into the
 * detail, and the same thing in a second place is told by its ordinal.
 */
export function inPlaces(
  findings: readonly { readonly message: string; readonly where: string }[],
): FoundMore[] {
  const seen = new Map<string, number>();
  return findings.map(({ message, where }) => {
    const ordinal = (seen.get(message) ?? 0) + 1;
    seen.set(message, ordinal);
    return { message: ordinal === 1 ? message : `${message} (place ${ordinal})`, detail: where };
  });
}

/** "…, on line 13" taken apart: what, and where. */
export function withoutLine(text: string): { readonly what: string; readonly where?: string } {
  const found = /,? on line (\d+)$/.exec(text);
  return found === null ? { what: text } : { what: text.slice(0, found.index), where: `line ${found[1]}` };
}
