import type { IncomingMessage } from "node:http";
import { harmless } from "../../trust/harmless.ts";

/**
 * What the API server warns of in an answer, as kubectl shows it: headers
 * `Warning: 299 - "text"` (RFC 7234 5.5; kubernetes/enhancements KEP-1693).
 */
export function warningsIn({ headersDistinct }: Pick<IncomingMessage, "headersDistinct">): string[] {
  return (headersDistinct["warning"] ?? []).flatMap((header) =>
    [...header.matchAll(oneWarning)].map(([, quoted = ""]) => harmless(quoted.replace(/\\(.)/g, "$1"))),
  );
}

const oneWarning = /\b299 \S+ "((?:[^"\\]|\\.)*)"/g;
