import type { IncomingMessage } from "node:http";

/**
 * What the API server warns of in an answer, as kubectl shows it: headers
 * `Warning: 299 - "text"` (RFC 7234 5.5; kubernetes/enhancements KEP-1693).
 */
export function warningsIn({ headersDistinct }: Pick<IncomingMessage, "headersDistinct">): string[] {
  return (headersDistinct["warning"] ?? []).flatMap((header) =>
    [...header.matchAll(oneWarning)].map(([, quoted = ""]) => plain(quoted)),
  );
}

const oneWarning = /\b299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Without control characters, which could paint over what stands above. */
function plain(quoted: string): string {
  return quoted
    .replace(/\\(.)/g, "$1")
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}
