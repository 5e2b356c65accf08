import assert from "node:assert/strict";
import { test } from "node:test";
import { type BundleReading, readBundle } from "../../../trust/x509/index.ts";
import { anchor, bundle, issuer, type Minted, pemBlock } from "../../certificates/index.ts";

const [first, second] = [anchor("first"), anchor("second")];
const both = bundle(first, second);
const key = issuer(first).keyPem;

const names = (reading: BundleReading): readonly string[] => reading.anchors.map(({ name }) => name);
const proxyHolds = (reading: BundleReading, ...certificates: readonly Minted[]): void =>
  assert.deepEqual(
    reading.proxy.anchors,
    certificates.map(({ fingerprint }) => fingerprint),
  );

test("two certificates are two anchors, to identity and to the proxies", () => {
  const reading = readBundle(both);
  assert.deepEqual(names(reading), ["first", "second"]);
  assert.deepEqual([reading.refused, reading.dropped, reading.untidy], [undefined, [], []]);
  proxyHolds(reading, first, second);
});

test("the same anchor twice is kept twice", () => {
  assert.deepEqual(names(readBundle(bundle(first, first))), ["first", "first"]);
});

for (const [what, text, untidy] of [
  ["CRLF line ends", both.replaceAll("\n", "\r\n"), "lines end with CRLF"],
  ["a comment before a certificate", `# the anchors\n${both}`, "there is text outside the PEM blocks"],
  ["a comment between two", `${first.pem}# next\n${second.pem}`, "there is text outside the PEM blocks"],
  ["spaces at line ends", both.replaceAll("\n", " \n"), "there are spaces at the end of a line"],
  [
    "PEM headers",
    pemBlock("CERTIFICATE", first.der, { Comment: "x" }) + second.pem,
    "a PEM block has headers",
  ],
] as const) {
  test(`${what}: identity reads all the same, and it is untidy`, () => {
    const reading = readBundle(text);
    assert.deepEqual(names(reading), ["first", "second"]);
    assert.ok(reading.untidy.includes(untidy), reading.untidy.join());
  });
}

for (const [what, more, cause] of [
  ["a blank line", "\n", "a blank line or spaces after the last certificate, on line 21"],
  ["a space", " ", "a blank line or spaces after the last certificate, on line 21"],
  ["a comment", "# the end\n", "text after the last certificate, on line 21"],
] as const) {
  test(`${what} after the last certificate keeps identity from starting, though proxies do not mind`, () => {
    const [one, another] = [anchor("first", { key: first.key }), anchor("second", { key: second.key })];
    const text = bundle(one, another);
    const line = text.split("\n").length;
    const reading = readBundle(text + more);
    assert.equal(reading.refused, `not a PEM certificate: ${cause.replace(/\d+$/, String(line))}`);
    assert.deepEqual(reading.anchors, []);
    proxyHolds(reading, one, another);
  });
}

test("a private key between two certificates silently ends identity's reading, not the proxies'", () => {
  const reading = readBundle(first.pem + key + second.pem);
  assert.deepEqual([names(reading), reading.refused], [["first"], undefined]);
  assert.match(
    reading.dropped[0]?.what ?? "",
    /^an EC PRIVATE KEY block; neither it nor anything after it is read$/,
  );
  proxyHolds(reading, first, second);
});

for (const [what, text] of [
  ["a key", key + both],
  ["a TRUSTED CERTIFICATE", pemBlock("TRUSTED CERTIFICATE", first.der) + second.pem],
] as const) {
  test(`${what} at the top leaves identity without any certificate`, () => {
    assert.equal(readBundle(text).refused, "no certificates found");
  });
}

test("two files joined without a newline are no bundle at all", () => {
  const reading = readBundle(first.pem.trimEnd() + second.pem);
  assert.match(reading.refused ?? "", /^not a PEM certificate: a CERTIFICATE block .* on line \d+$/);
});

test("a block with damaged base64 is passed over, if a sound one follows", () => {
  const reading = readBundle(first.pem.replace(/\nM/, "\n!") + second.pem);
  assert.deepEqual(names(reading), ["second"]);
  assert.deepEqual(reading.dropped, [{ line: 1, what: "a CERTIFICATE block whose base64 is damaged" }]);
  assert.equal(reading.proxy.refused, "the base64 of a block is damaged");
});

test("a block with damaged base64 at the end keeps identity from starting", () => {
  const reading = readBundle(first.pem + second.pem.replace(/\nM/, "\n!"));
  assert.match(
    reading.refused ?? "",
    /^not a PEM certificate: a CERTIFICATE block whose base64 is damaged, on line/,
  );
});

test("a certificate without its END line is lost, silently", () => {
  const reading = readBundle(first.pem.replace(/-----END.*\n/, "") + second.pem);
  assert.deepEqual(names(reading), ["second"]);
  assert.deepEqual(reading.dropped, [{ line: 1, what: "a CERTIFICATE block without its END line" }]);
});

test("a block that is no certificate inside spoils the whole bundle", () => {
  const reading = readBundle(first.pem + pemBlock("CERTIFICATE", Buffer.from("no certificate")));
  assert.match(reading.refused ?? "", /^certificate 2, on line \d+, is unreadable: malformed certificate$/);
  assert.deepEqual([reading.proxy.skipped, reading.proxy.refused], [1, undefined]);
  proxyHolds(reading, first);
});

test("an indented bundle is refused, and the reason says so", () => {
  assert.equal(
    readBundle(both.replace(/^/gm, "  ")).refused,
    "not a PEM certificate: a CERTIFICATE block that is indented, on line 1",
  );
});

test("newlines written as \\n are told apart from nothing at all", () => {
  assert.match(
    readBundle(both.replaceAll("\n", "\\n")).refused ?? "",
    /whose line ends are written as \\n, on line 1$/,
  );
  assert.equal(readBundle("hello").refused, "not a PEM certificate: there is no PEM block in it");
});

test("an empty bundle keeps identity and proxies from starting", () => {
  const reading = readBundle("");
  assert.equal(reading.refused, "no certificates found");
  assert.equal(reading.proxy.refused, "no trust roots in PEM file");
});

test("a byte order mark hides the first certificate", () => {
  const reading = readBundle(`\ufeff${both}`);
  assert.deepEqual(names(reading), ["second"]);
  assert.equal(reading.dropped[0]?.what, "a CERTIFICATE block after a byte order mark");
  proxyHolds(reading, second);
});

test("a string is read as its UTF-8", () => {
  assert.deepEqual(readBundle(`# é\n${both}`), readBundle(new TextEncoder().encode(`# é\n${both}`)));
});

test("a version 1 anchor is good enough for both", () => {
  const old = anchor("old", { version: 1, basicConstraints: false, keyUsage: false, subjectKeyId: false });
  const reading = readBundle(old.pem);
  assert.deepEqual(names(reading), ["old"]);
  proxyHolds(reading, old);
});

test("no reason and nothing dropped repeats what was in the text", () => {
  for (const text of [
    "-----BEGIN SECRET STUFF-----\nc2VjcmV0\n-----END SECRET STUFF-----\n",
    "-----BEGIN S3CRET\n",
  ]) {
    assert.doesNotMatch(JSON.stringify(readBundle(text)), /S.?CRET/);
  }
});
