import { binary, sha256, toBytes } from "../bytes.ts";
import { cache } from "../cache.ts";
import { lineCounter } from "../pem/faults.ts";
import { base64Runs, hexRuns, type Run } from "./runs.ts";
import { privateKeyAt } from "./shapes.ts";

/**
 * Where private key material stands in any text or bytes: what and on which
 * line, never the key. PEM however damaged, DER, the base64 or hex of either,
 * JWK. Takes time in proportion to the text, whatever is in it.
 */
export function findPrivateKeys(text: string | Uint8Array, most = 100): readonly string[] {
  if (text.length < shortest) return [];
  return searched.get(`${most} ${sha256(text)}`, () => find(binary(toBytes(text)), most));
}

const searched = cache<readonly string[]>(512);

// "END PRIVATE KEY": nothing shorter says anything.
const shortest = 15;

function find(source: string, most: number): readonly string[] {
  const found = new Set<string>();
  const lineOf = lineCounter(source);
  const patience = Array.from({ length: deepest }, () => 4 * source.length);
  for (const { what, at } of search(source, 0, patience)) {
    found.add(`${what} on line ${lineOf(at)}`);
    if (found.size === most) break;
  }
  return [...found];
}

interface Hit {
  readonly what: string;
  readonly at: number;
}

/** Base64 of base64 of base64. */
const deepest = 3;

/**
 * Goes through the text a fixed number of times, each time forward. What is
 * decoded at one depth, all runs and all ways to read them together, is at
 * most four times the source; that is enough to read every run of the source
 * in all ways, and what an encoder has wrapped in another encoding.
 */
function* search(text: string, depth: number, patience: number[]): Generator<Hit> {
  const bodies: Body[] = [];
  yield* findPem(text, bodies);
  yield* findBare(text);
  if (text.includes("\0"))
    for (const { what } of findPem(withoutNuls(text), [])) yield { what: `${what} in UTF-16`, at: 0 };
  if (depth === deepest) return;
  // The body of a block whose BEGIN line has been reported is not news.
  for (const { at, body } of outside(bodies, base64Runs(text)))
    for (let step = 0; step < 4 && body.length - step >= 16; step++)
      yield* inside(decode(body, step, "base64"), at, "in base64");
  for (const { at, body } of outside(bodies, hexRuns(text)))
    for (const step of [0, 1]) yield* inside(decode(body, step, "hex"), at, "in hex");

  function* inside(decoded: string, at: number, how: string): Generator<Hit> {
    const left = (patience[depth] ?? 0) - decoded.length;
    patience[depth] = left;
    if (left < 0) return;
    const hits = isText(decoded) ? search(decoded, depth + 1, patience) : findBare(decoded);
    for (const { what } of hits) yield { what: what.endsWith(how) ? what : `${what} ${how}`, at };
  }
}

const withoutNuls = (text: string): string =>
  binary(Buffer.from(text, "latin1").filter((octet) => octet !== 0));

/** The bytes of a run, however the text before them may have put them out of step. */
function decode(body: string, step: number, encoding: "base64" | "hex"): string {
  return Buffer.from(body.slice(step), encoding).toString("latin1");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text is not made of.
const isText = (decoded: string): boolean => !/[\x01-\x08\x0e-\x1f\x7f-\xff]/.test(decoded.slice(0, 200));

interface Body {
  readonly begin: number;
  end: number;
}

/** The runs that start in none of the bodies; both go forward. */
function* outside(bodies: readonly Body[], runs: Iterable<Run>): Generator<Run> {
  let next = 0;
  for (const run of runs) {
    while (next < bodies.length && (bodies[next]?.begin ?? 0) < run.at) next++;
    if (run.at >= (bodies[next - 1]?.end ?? 0)) yield run;
  }
}

const pemMarks = /\b(BEGIN|END) {1,3}((?:[A-Z0-9]{1,20} {1,3}){0,4})PRIVATE {1,3}KEY\b/gi;

/** Finds blocks that name a private key, and adds the places of their bodies. */
function* findPem(text: string, bodies: Body[]): Generator<Hit> {
  let open: Body | undefined;
  for (const { 0: mark, 1: side = "", 2: kind = "", index } of text.matchAll(pemMarks)) {
    const isEnd = side.toUpperCase() === "END";
    if (isEnd && open !== undefined) {
      open.end = index;
      open = undefined;
      continue;
    }
    if (!isEnd) {
      open = { begin: index, end: index + mark.length + 100 };
      bodies.push(open);
    }
    yield { what: pemKinds.get(kind.trim().toUpperCase()) ?? "a private key", at: index };
  }
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
  [/openssh-key-v1\0/g, "an OpenSSH private key"],
];

/** What gives itself away without PEM around it. */
function* findBare(text: string): Generator<Hit> {
  for (const [mark, what] of otherMarks)
    for (const { index } of text.matchAll(mark)) yield { what, at: index };
  // Every SEQUENCE could be a key; the shapes are long enough to be no accident.
  for (let at = text.indexOf("0"); at >= 0; at = text.indexOf("0", at + 1)) {
    const what = privateKeyAt(text, at);
    if (what === undefined) continue;
    yield { what, at };
    // Inside it may stand another, which is the same.
    at += 64;
  }
}
