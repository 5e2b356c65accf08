import assert from "node:assert/strict";
import { test } from "node:test";
import { cache } from "../../../trust/x509/cache.ts";
import { readBundle, verifyAsIdentity, verifyIssuerAsProxy } from "../../../trust/x509/index.ts";
import { anchor, bundle, day, issuer } from "../../certificates/index.ts";

const start = Date.UTC(2027, 0, 1);
const at = (milliseconds: number) => new Date(start + milliseconds);

test("what is remembered of a chain is true up to the millisecond, whatever was asked before", () => {
  const root = anchor("root", { notBefore: at(0), notAfter: at(20 * day) });
  const signed = issuer(root, { notBefore: at(5 * day), notAfter: at(10 * day) });
  const [certificate, ...anchors] = readBundle(bundle(signed, root)).anchors;
  assert.ok(certificate);
  const moments = [0, 5, 10, 20].flatMap((days) =>
    [-1000, -1, 0, 1, 999, 1000, 1001].map((more) => days * day + more),
  );
  for (const asked of [
    ...moments,
    ...moments.toReversed(),
    ...moments.toSorted((a, b) => (a % 7) - (b % 7)),
  ]) {
    const identity = asked >= 5 * day && asked <= 10 * day;
    // webpki knows the time to the second.
    const proxies = asked >= 5 * day && asked < 10 * day + 1000;
    assert.equal(verifyAsIdentity(certificate, [], anchors, at(asked)).ok, identity, `${asked}`);
    assert.equal(verifyIssuerAsProxy([certificate], anchors, at(asked), []).ok, proxies, `${asked}`);
  }
});

test("what is remembered of a chain is of that chain, these anchors and these names", () => {
  const [root, other] = [anchor("root"), anchor("root")];
  const [certificate, constrained, own, stranger] = readBundle(
    bundle(
      issuer(root),
      issuer(root, { nameConstraints: { permitted: ["dns:cluster.local"] } }),
      root,
      other,
    ),
  ).anchors;
  assert.ok(certificate && constrained && own && stranger);
  const now = new Date(certificate.notBefore.getTime() + 1000);
  for (let again = 0; again < 2; again++) {
    assert.ok(verifyAsIdentity(certificate, [], [own], now).ok);
    assert.ok(!verifyAsIdentity(certificate, [], [stranger], now).ok);
    assert.ok(!verifyAsIdentity(certificate, [own], [stranger], now).ok);
    assert.ok(verifyAsIdentity(certificate, [], [stranger, own], now).ok);
    assert.ok(verifyIssuerAsProxy([certificate], [own], now, ["a.other.example"]).ok);
    assert.ok(verifyIssuerAsProxy([constrained], [own], now, []).ok);
    assert.ok(verifyIssuerAsProxy([constrained], [own], now, ["a.cluster.local"]).ok);
    assert.ok(!verifyIssuerAsProxy([constrained], [own], now, ["a.other.example"]).ok);
  }
});

test("a cache holds what was used last, no more than its limit, and nothing too heavy", () => {
  const few = cache<number>(4, 100);
  let computed = 0;
  const ask = (key: string, weight?: number) => few.get(key, () => ++computed, weight);
  const times = (keys: string, weight?: number) => {
    const before = computed;
    for (const key of keys) ask(key, weight);
    return computed - before;
  };
  assert.equal(times("abababab"), 2);
  assert.equal(times("cacadada"), 2);
  assert.equal(times("b"), 1, "b was used longest ago");
  assert.equal(times("xxx", 51), 3, "more than half of what may be held");
  assert.equal(times("yyy", 50), 1);
});
