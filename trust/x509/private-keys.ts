import { binary, sha256, toBytes } from "./bytes.ts";
import { cache } from "./cache.ts";
import { lineCounter } from "./pem-faults.ts";
import { privateKeyAt } from "./private-key-shapes.ts";

/**
 * Where private key material stands in any text or bytes: what and on which
 * line, never the key. PEM however damaged, DER, the base64 of either, JWK.
 */
export function findPrivateKeys(text: string | Uint8Array): readonly string[] {
  return searched.get(sha256(text), () => find(binary(toBytes(text))));
}

const searched = cache<readonly string[]>(512);

function find(source: string): readonly string[] {
  const found = new Set<string>();
  const lineOf = lineCounter(source);
  search(source, 0, (what, at) => {
    if (found.size < 100) found.add(`${what} on line ${lineOf(at)}`);
  });
  return [...found];
}

type Report = (what: string, at: number) => void;

const deepest = 3;

function search(text: string, depth: number, report: Report): void {
  const bodies = findPem(text, report);
  findBare(text, report);
  if (text.includes("\0")) findPem(text.replaceAll("\0", ""), (what) => report(`${what} in UTF-16`, 0));
  if (depth === deepest) return;
  for (const { at, decoded } of base64Runs(text)) {
    // The body of a block whose BEGIN line has been reported is not news.
    if (bodies.some(([begin, end]) => begin < at && at < end)) continue;
    const inBase64: Report = (what) => report(what.replace(/( in base64)?$/, " in base64"), at);
    if (isText(decoded)) search(decoded, depth + 1, inBase64);
    else findBare(decoded, inBase64);
  }
}

const pemMarks = /\b(BEGIN|END) {1,3}((?:[A-Z0-9]{1,20} {1,3}){0,4})PRIVATE {1,3}KEY\b/gi;

/** Reports blocks that name a private key, and gives the places of their bodies. */
function findPem(text: string, report: Report): readonly (readonly [begin: number, end: number])[] {
  const bodies: [number, number][] = [];
  let open: [number, number] | undefined;
  for (const { 0: mark, 1: side = "", 2: kind = "", index } of text.matchAll(pemMarks)) {
    const isEnd = side.toUpperCase() === "END";
    if (isEnd && open !== undefined) {
      open[1] = index;
      open = undefined;
      continue;
    }
    report(pemKinds.get(kind.trim().toUpperCase()) ?? "a private key", index);
    if (isEnd) continue;
    open = [index, index + mark.length + 100];
    if (bodies.length < 500) bodies.push(open);
  }
  return bodies;
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

const otherMarks: readonly (readonly [RegExp, string])[] = [
  [/PuTTY-User-Key-File-\d/g, "a PuTTY private key"],
  [/AGE-SECRET-KEY-1[0-9A-Z]{20}/gi, "an age private key"],
  [/"d\\{0,3}"\s{0,20}:\s{0,20}\\{0,3}"[A-Za-z0-9_-]{20}/g, "a private JSON Web Key"],
  [/\xfe\xed\xfe\xed\0\0\0/g, "a Java keystore"],
  [/openssh-key-v1\0/g, "an OpenSSH private key"],
];

/** What gives itself away without PEM around it. */
function findBare(text: string, report: Report): void {
  for (const [mark, what] of otherMarks) for (const { index } of text.matchAll(mark)) report(what, index);
  // Every SEQUENCE could be a key; the shapes are long enough to be no accident.
  for (let at = text.indexOf("0"); at >= 0; at = text.indexOf("0", at + 1)) {
    const what = privateKeyAt(text, at);
    if (what === undefined) continue;
    report(what, at);
    // Inside it may stand another, which is the same.
    at += 40;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text is not made of.
const isText = (decoded: string): boolean => !/[\x01-\x08\x0e-\x1f\x7f-\xff]/.test(decoded.slice(0, 200));

// One line of base64, and the lines that go on with it: wrapped, indented, quoted, escaped or joined by spaces.
const runs =
  /[\w+/-]{16,}={0,2}(?:(?:[ \t"',]{0,20}(?:\r?\n|\\{1,4}[rn]){1,4}[ \t"'>|]{0,40}[\w+/-]{4,}| [\w+/-]{40,})={0,2})*/g;

/** The bytes in base64, however the text before them may have put them out of step. */
function* base64Runs(text: string): Generator<{ at: number; decoded: string }> {
  // The dashes of PEM would pass for base64url.
  const plain = text.replace(/-{2,}/g, (dashes) => " ".repeat(dashes.length));
  for (const { 0: run, index: at } of plain.matchAll(runs)) {
    for (const piece of run.replace(/\\+[rn]|[^\w+/=-]/g, "").split(/=+/)) {
      const body = piece.replaceAll("-", "+").replaceAll("_", "/");
      for (let step = 0; step < 4 && body.length - step >= 16; step++) {
        const aligned = body.slice(step);
        yield { at, decoded: Buffer.from(aligned, "base64").toString("latin1") };
      }
    }
  }
}
