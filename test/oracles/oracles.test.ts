import assert from "node:assert/strict";
import { after, test } from "node:test";
import { anchor, bundle, ecParameters, issuer, leaf, type Minted, now } from "../certificates/index.ts";
import { makeCase } from "./cases.ts";
import { missing, startOracles } from "./oracles.ts";
import { readCase, shrink, writeCase } from "./shrink.ts";

const oracles = await startOracles();
after(() => oracles.stop());
const skip = missing().join("; ") || false;

async function ask(trusted: string, by: Minted, key = by.keyPem) {
  const texts = { bundle: Buffer.from(trusted), chain: Buffer.from(by.pem), key: Buffer.from(key) };
  const [answer] = await oracles.judge([{ now, ...texts, leaf: leaf(by).der }]);
  return { identity: answer?.identity, proxy: answer?.proxy };
}

const [root, other] = [anchor(), anchor("another root")];
const identity = issuer(root);

test("sound certificates pass both oracles", { skip }, async () => {
  const answer = await ask(bundle(other, root), identity);
  assert.deepEqual(answer.identity?.bundle.certs, [other.fingerprint, root.fingerprint]);
  assert.deepEqual(answer.identity?.verify, { ok: true });
  assert.equal(answer.identity?.key.matches, true);
  assert.equal(answer.identity?.isCA, true);
  assert.deepEqual(answer.proxy?.bundle.certs, [other.fingerprint, root.fingerprint]);
  assert.deepEqual([answer.proxy?.server, answer.proxy?.client], [{ ok: true }, { ok: true }]);
});

test("both refuse an issuer whose anchor is not in the bundle", { skip }, async () => {
  const { identity: byIdentity, proxy: byProxy } = await ask(bundle(other), identity);
  assert.match(byIdentity?.verify?.error ?? "", /unknown authority/);
  assert.match(byProxy?.server?.error ?? "", /UnknownIssuer/);
});

test("one blank line at the end stops identity, and the proxy alone would not mind", { skip }, async () => {
  const { identity: byIdentity, proxy: byProxy } = await ask(`${root.pem}\n`, identity);
  assert.equal(byIdentity?.bundle.error, "not a PEM certificate");
  assert.equal(byProxy?.bundle.ok, true);
});

test("a key after the first anchor hides the second from identity only", { skip }, async () => {
  const { identity: byIdentity, proxy: byProxy } = await ask(other.pem + other.keyPem + root.pem, identity);
  assert.deepEqual(byIdentity?.bundle.certs, [other.fingerprint]);
  assert.deepEqual(byProxy?.bundle.certs, [other.fingerprint, root.fingerprint]);
});

test("EC PARAMETERS before the key make it unreadable", { skip }, async () => {
  const answer = await ask(root.pem, identity, ecParameters() + identity.keyPem);
  assert.match(answer.identity?.key.error ?? "", /unsupported block type/);
});

test("a seed and a number make the same case again", () => {
  for (const id of [0, 7, 12, 300]) assert.deepEqual(makeCase(11, id), makeCase(11, id));
  assert.notDeepEqual(makeCase(11, 7).bundle, makeCase(12, 7).bundle);
});

test("a case survives being written down", () => {
  for (const id of [1, 2, 3, 4]) assert.deepEqual(readCase(writeCase(makeCase(5, id))), makeCase(5, id));
});

test("shrinking leaves only what matters", async () => {
  const found = { ...makeCase(1, 0), bundle: Buffer.from(`${root.pem}# a remark\n${other.pem}`) };
  const smallest = await shrink(found, async ({ bundle }) => Buffer.from(bundle).includes("rem"));
  assert.equal(Buffer.from(smallest.bundle).toString(), "rem");
  assert.equal(smallest.key.length, 0);
});
