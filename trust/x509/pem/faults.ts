import type { Dropped } from "../types.ts";

/** The blocks in a part of the text that Go passed over, and what is wrong with each. */
export function faults(
  text: string,
  from: number,
  to: number,
  lineOf: (at: number) => number,
): readonly Dropped[] {
  const found: Dropped[] = [];
  const begins = /-----BEGIN ([A-Z0-9 ]{0,40}-----)?/g;
  begins.lastIndex = from;
  for (let begin = begins.exec(text); begin !== null && begin.index < to; ) {
    const next = begins.exec(text);
    const until = next !== null && next.index < to ? next.index : to;
    found.push({ line: lineOf(begin.index), what: fault(text, begin, until) });
    if (found.length === most) return [...found, { line: lineOf(until), what: "more such blocks" }];
    begin = next;
  }
  return found;
}

const most = 50;

function fault(text: string, begin: RegExpExecArray, until: number): string {
  const block = blockOf(begin[1]?.replace(/-+$/, "") ?? "");
  // A window, because to look for the start of a line that has none takes as long as the text.
  const before = text.slice(Math.max(0, begin.index - 200), begin.index);
  const prefix = before.slice(before.lastIndexOf("\n") + 1);
  if (prefix.endsWith("-----"))
    return `${block} that starts on the line where another ends: a newline is missing`;
  if (prefix === "\xef\xbb\xbf") return `${block} after a byte order mark`;
  if (/^[ \t]+$/.test(prefix)) return `${block} that is indented`;
  if (prefix !== "") return `${block} that does not start on a line of its own`;
  if (begin[1] === undefined) return `${block} whose BEGIN line is malformed`;
  const body = text.slice(begin.index + begin[0].length, until);
  if (body.startsWith("\\n") || body.startsWith("\\r")) return `${block} whose line ends are written as \\n`;
  if (/^[ \t]*\r[^\n]/.test(body)) return `${block} whose lines end with CR alone`;
  const end = body.indexOf("-----END ");
  if (end < 0) return `${block} without its END line`;
  if (!body.startsWith(begin[1], end + 9)) return `${block} whose END line is another's`;
  if (body[end - 1] !== "\n") return `${block} whose END line is not a line of its own`;
  if (/^[^\n]*\S/.test(body.slice(end + 9 + begin[1].length))) return `${block} with text after its END line`;
  return `${block} whose base64 is damaged`;
}

const kinds = new Map(
  [
    "CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "X509 CERTIFICATE",
    "CERTIFICATE REQUEST",
    "X509 CRL",
    "PKCS7",
    "PUBLIC KEY",
  ]
    .concat([
      "PRIVATE KEY",
      "EC PRIVATE KEY",
      "RSA PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY",
      "OPENSSH PRIVATE KEY",
    ])
    .concat(["EC PARAMETERS", "DH PARAMETERS", "DSA PRIVATE KEY"])
    .map((kind) => [kind, `${/^[AEIOX]|^RSA/.test(kind) ? "an" : "a"} ${kind} block`]),
);

/** A block of this kind, in words that take over nothing unknown from the text. */
export const blockOf = (type: string): string => kinds.get(type) ?? "a PEM block of an unknown kind";

/** Counts lines. As long as the questions go forward, no part of the text is looked at twice. */
export function lineCounter(text: string): (at: number) => number {
  const newlineFrom = (at: number): number => {
    const newline = text.indexOf("\n", at);
    return newline < 0 ? Number.POSITIVE_INFINITY : newline;
  };
  let [line, start, newline] = [1, 0, newlineFrom(0)];
  return (at) => {
    if (at < start) [line, start, newline] = [1, 0, newlineFrom(0)];
    while (newline < at) {
      line++;
      start = newline + 1;
      newline = newlineFrom(start);
    }
    return line;
  };
}
