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

/** "…, on line 13" or "certificate 2, on line 13, is …" taken apart: what, and where. */
export function withoutLine(text: string): { readonly what: string; readonly where?: string } {
  const found = /^certificate \d+, on line (\d+), (.+)$|^(.+?),? on line (\d+)$/s.exec(text);
  if (found === null) return { what: text };
  const [, ofCertificate, is, what, line] = found;
  return is === undefined
    ? { what: what ?? text, where: `line ${line}` }
    : { what: `a certificate ${is}`, where: `line ${ofCertificate}` };
}
