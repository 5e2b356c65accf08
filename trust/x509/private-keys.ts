import { decodeAsRust } from "./base64.ts";
import { binary, toBytes } from "./bytes.ts";
import { lineCounter } from "./pem-faults.ts";
import { privateKeyAt } from "./private-key-shapes.ts";

/**
 * Where private key material stands in any text or bytes: what and on which
 * line, never the key. PEM however damaged, DER, the base64 of either, JWK.
 */
export function findPrivateKeys(text: string | Uint8Array): readonly string[] {
  const found = new Set<string>();
  const source = binary(toBytes(text));
  search(source, lineCounter(source), "", 0, found);
  return [...found];
}

const deepest = 3;

function search(
  text: string,
  lineOf: (at: number) => number,
  how: string,
  depth: number,
  found: Set<string>,
): void {
  const report = (what: string, at: number): void => {
    if (found.size < 100) found.add(`${what}${how} on line ${lineOf(at)}`);
  };
  findMarks(text, report);
  findDer(text, report);
  if (text.includes("\0")) findMarks(text.replaceAll("\0", ""), (what) => report(`${what} in UTF-16`, 0));
  if (depth === deepest) return;
  for (const { at, decoded } of base64Runs(text)) {
    const inner = new Set<string>();
    search(decoded, () => 1, how === "" ? " in base64" : how, depth + 1, inner);
    for (const what of inner) report(what.replace(/( in base64)? on line 1$/, " in base64"), at);
  }
}

type Report = (what: string, at: number) => void;

const pemMarks = /(?:BEGIN|END) {1,3}((?:[A-Z0-9]+ {1,3}){0,4})PRIVATE {1,3}KEY( BLOCK)?\b/gi;

const otherMarks: readonly (readonly [RegExp, string])[] = [
  [/PuTTY-User-Key-File-\d/g, "a PuTTY private key"],
  [/AGE-SECRET-KEY-1[0-9A-Z]{20}/gi, "an age private key"],
  [/"d\\{0,3}"\s{0,20}:\s{0,20}\\{0,3}"[A-Za-z0-9_-]{20}/g, "a private JSON Web Key"],
  [/\xfe\xed\xfe\xed\0\0\0/g, "a Java keystore"],
  [/openssh-key-v1\0/g, "an OpenSSH private key"],
];

function findMarks(text: string, report: Report): void {
  for (const mark of text.matchAll(pemMarks)) {
    const kind = (mark[1] ?? "").trim().toUpperCase();
    report(pemKinds.get(kind) ?? (mark[2] ? "a PGP private key" : "a private key"), mark.index);
  }
  for (const [mark, what] of otherMarks) for (const { index } of text.matchAll(mark)) report(what, index);
}

const pemKinds = new Map([
  ["", "a PKCS#8 private key"],
  ["EC", "an EC private key"],
  ["RSA", "an RSA private key"],
  ["DSA", "a DSA private key"],
  ["ENCRYPTED", "an encrypted private key"],
  ["OPENSSH", "an OpenSSH private key"],
  ["PGP", "a PGP private key"],
]);

// Every SEQUENCE that could be one; the shapes are long enough to be no accident.
function findDer(text: string, report: Report): void {
  for (let at = text.indexOf("0"); at >= 0; at = text.indexOf("0", at + 1)) {
    const what = privateKeyAt(text, at);
    if (what !== undefined) report(what, at);
  }
}

// One line of base64, and the lines after it that go on with it: wrapped, indented, quoted or escaped.
const runs =
  /[A-Za-z0-9+/_-]{16,}={0,2}(?:(?:[ \t"',]{0,20}(?:\r?\n|\\r|\\n){1,4}[ \t"'>|]{0,40})[A-Za-z0-9+/_-]{4,}={0,2})*/g;

function* base64Runs(text: string): Generator<{ at: number; decoded: string }> {
  for (const run of text.matchAll(runs)) {
    const pieces = run[0].replace(/\\[rn]|[^A-Za-z0-9+/_=-]/g, "");
    const body = pieces.replaceAll("-", "+").replaceAll("_", "/");
    const end = body.search(/=[^=]/);
    const bytes = decodeLoosely(end < 0 ? body : body.slice(0, end));
    if (bytes.length >= 16) yield { at: run.index, decoded: binary(bytes) };
  }
}

function decodeLoosely(body: string): Uint8Array {
  const plain = body.replace(/=+$/, "");
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  return decodeAsRust(whole) ?? new Uint8Array();
}
