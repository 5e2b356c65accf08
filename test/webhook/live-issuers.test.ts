import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IssuerSecret } from "../../trust/facts.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { issuerHistory } from "../../webhook/live/issuer-history.ts";
import { base64 } from "../base64.ts";
import { after, anchor, day, hour, issuer, type Minted, now } from "../certificates/index.ts";

const root = anchor();
const first = issuer(root, { name: "first" });
const second = issuer(root, { name: "second" });

describe("the history of issuers", () => {
  test("begins with the issuer that is there, since it was written", () => {
    const history = issuerHistory();
    history.see(secret(first, after(-day)), now);
    assert.deepEqual(names(history.seen(undefined, now)), ["first"]);
    assert.deepEqual(history.seen(undefined, now)[0]?.from, after(-day));
  });

  test("counts from when it was seen where the API server does not say when it was written", () => {
    const history = issuerHistory();
    history.see(secret(first), now);
    assert.deepEqual(history.seen(undefined, now)[0]?.from, now);
  });

  test("keeps the former issuer while a leaf of it may live, two days at least", () => {
    const history = issuerHistory();
    history.see(secret(first, after(-30 * day)), after(-30 * day));
    history.see(secret(second, now), now);
    assert.deepEqual(names(history.seen(undefined, after(47 * hour))), ["first", "second"]);
    assert.deepEqual(names(history.seen(undefined, after(49 * hour), 72 * hour)), ["first", "second"]);
    assert.deepEqual(names(history.seen(undefined, after(73 * hour), 72 * hour)), ["second"]);
  });

  test("does not count a write that leaves the chain as it was", () => {
    const history = issuerHistory();
    history.see(secret(first, after(-day)), after(-day));
    history.see(secret(first, now), now);
    assert.equal(history.seen(undefined, now).length, 1);
    assert.deepEqual(history.seen(undefined, now)[0]?.from, after(-day));
  });

  test("counts an issuer twice that comes back", () => {
    const history = issuerHistory();
    for (const one of [first, second, first]) history.see(secret(one), now);
    assert.deepEqual(names(history.seen(undefined, now)), ["first", "second", "first"]);
  });

  test("passes over a Secret that is gone or holds no certificate", () => {
    const history = issuerHistory();
    history.see(secret(first), now);
    history.see(openIssuerSecret(undefined), now);
    history.see(openIssuerSecret({ data: { "crt.pem": "", "key.pem": "" } }), now);
    history.see(secret(first), now);
    assert.deepEqual(names(history.seen(undefined, now)), ["first"]);
  });

  test("is of the layout that identity reads", () => {
    const history = issuerHistory();
    const both = { ...data("crt.pem", "key.pem", first), ...data("tls.crt", "tls.key", second) };
    history.see(openIssuerSecret({ data: both }), now);
    assert.deepEqual(names(history.seen("kubernetes.io/tls", now)), ["second"]);
    assert.deepEqual(names(history.seen("linkerd.io/tls", now)), ["first"]);
    assert.deepEqual(names(history.seen(undefined, now)), ["first"]);
  });

  test("does not let clocks that differ change the order", () => {
    const history = issuerHistory();
    history.see(secret(first, now), now);
    history.see(secret(second, after(-hour)), now);
    assert.deepEqual(names(history.seen(undefined, now)), ["first", "second"]);
    assert.deepEqual(history.seen(undefined, now)[1]?.from, now);
  });
});

function secret(one: Minted, time?: Date): IssuerSecret {
  const managedFields = [{ time, fieldsV1: { "f:data": { "f:crt.pem": {}, "f:key.pem": {} } } }];
  return openIssuerSecret({ metadata: { managedFields }, data: data("crt.pem", "key.pem", one) });
}

function data(certificate: string, key: string, one: Minted): Record<string, string> {
  return { [certificate]: base64(one.pem), [key]: base64(one.keyPem) };
}

function names(seen: readonly { readonly chain: readonly { readonly name: string }[] }[]): string[] {
  return seen.map(({ chain }) => chain[0]?.name ?? "");
}
