import assert from "node:assert/strict";

/**
 * Fails where four times the text takes far more than four times the work, as
 * only a quadratic does: that would take sixteen times. Processor time of this
 * process is counted, once more where the answer is no, so that a busy machine
 * changes little; what is too fast to be counted is fast enough.
 */
export async function assertLinear(
  work: (size: number, run: number) => unknown,
  size: number,
): Promise<void> {
  let run = 0;
  const cost = async (n: number): Promise<number> => {
    const before = process.cpuUsage();
    // A number of its own for each run, lest an answer be remembered.
    await work(n, run++);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const seen: string[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const [one, four] = [await cost(size), await cost(4 * size)];
    if (four < 10 * one + 100_000) return;
    seen.push(`${one} µs, and ${four} µs for four times as much`);
    // No second try tells more than that it is this slow.
    if (four > 10_000_000) break;
  }
  assert.fail(seen.join("; "));
}

const times = (text: string, size: number): string =>
  text.repeat(Math.ceil(size / text.length)).slice(0, size);

/** Texts that were made to keep a reader busy. */
export const hostile: Readonly<Record<string, (size: number) => string>> = {
  "BEGIN marks on one line": (size) => times("BEGIN PRIVATE KEY ", size),
  "BEGIN lines without END": (size) => times("-----BEGIN CERTIFICATE-----\n", size),
  "BEGIN marks of certificates on one line": (size) => times("-----BEGIN CERTIFICATE-----", size),
  "a long line before fifty BEGIN marks": (size) =>
    times("x", size) + "-----BEGIN CERTIFICATE-----".repeat(50),
  "keys and runs of base64 in turn": (size) =>
    times("BEGIN PRIVATE KEY\n\n\nABCDEFGHIJKLMNOPABC\n--- ", size),
  "blocks that end as another": (size) => times("-----BEGIN A-----\n-----END B-----\n", size),
  "one endless line of keys in base64": (size) => times(`MHcCAQEEI${"AB".repeat(64)}`, size),
  "one endless line of base64": (size) => times("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo", size),
  "base64 in base64, ten deep": (size) => nested(size, 10),
  "one letter": (size) => times("A", size),
  zeros: (size) => times("0", size),
  "hex that breaks off": (size) => times(`${"30".repeat(31)}g`, size),
  "heads of keystores": (size) => times("0\x82\x04\xf0\x02\x01\x030\x82\x03\xf5\x06\x09", size),
  "names as long as the text, in base64": (size) =>
    Buffer.from(times("0\x800\x80\x06\x83\x7f\xff\xff", Math.floor(size * 0.75)), "latin1").toString(
      "base64",
    ),
  newlines: (size) => times("\n", size),
  spaces: (size) => times(" ", size),
  backslashes: (size) => times("\\", size),
};

function nested(size: number, depth: number): string {
  let text = times("nothing of note ", Math.floor(size * 0.75 ** depth));
  for (let i = 0; i < depth; i++) text = Buffer.from(text).toString("base64");
  return text;
}
