import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { test } from "node:test";
import {
  type Algorithm,
  anchor,
  bundle,
  encryptedPkcs8,
  encryptedTraditional,
  issuer,
  type KeyKind,
  keyPair,
  leaf,
  now,
  pemBlock,
} from "./index.ts";

const open = (certificate: { der: Buffer }) => new X509Certificate(certificate.der);

test("anchor, issuer and leaf are sound, and each is signed by the one above", () => {
  const root = anchor();
  const identity = issuer(root);
  const proxy = leaf(identity);
  const [top, middle, end] = [open(root), open(identity), open(proxy)];
  assert.ok(top.verify(top.publicKey));
  assert.ok(middle.checkIssued(top) && middle.verify(top.publicKey));
  assert.ok(end.checkIssued(middle) && end.verify(middle.publicKey));
  assert.deepEqual([top.ca, middle.ca, end.ca], [true, true, false]);
  assert.equal(end.subjectAltName, "DNS:default.default.serviceaccount.identity.linkerd.cluster.local");
  assert.ok(top.validFromDate < now && now < end.validToDate);
  assert.ok(middle.checkPrivateKey(createPrivateKey(identity.keyPem)));
  assert.equal(top.fingerprint256.replaceAll(":", "").toLowerCase(), root.fingerprint);
});

const signers: [KeyKind, Algorithm?][] = [
  ["P-224"],
  ["P-256"],
  ["P-384"],
  ["P-521"],
  ["Ed25519"],
  ["RSA-2048"],
  ["P-256", "ecdsa-sha1"],
  ["P-256", "ecdsa-sha512"],
  ["P-521", "ecdsa-sha256"],
  ["RSA-2048", "rsa-sha1"],
  ["RSA-2048", "rsa-sha512"],
  ["RSA-2048", "pss-sha256"],
  ["RSA-2048", "pss-sha384"],
];
for (const [kind, algorithm] of signers) {
  test(`a ${kind} key signs with ${algorithm ?? "its usual algorithm"}`, () => {
    const root = anchor("root", { key: keyPair(kind, "signer"), ...(algorithm && { algorithm }) });
    assert.ok(open(root).verify(open(root).publicKey));
  });
}

test("a spoiled certificate still opens, and is wrong in the one place asked for", () => {
  const root = anchor();
  assert.equal(open(issuer(root, { flipSignature: true })).verify(open(root).publicKey), false);
  assert.equal(open(issuer(root, { basicConstraints: false })).ca, false);
  assert.equal(open(issuer(root, { signer: keyPair() })).verify(open(root).publicKey), false);
  assert.equal(open(issuer(root, { serial: 0 })).serialNumber, "0");
  assert.equal(open(issuer(root, { serial: -5n })).serialNumber, "-05");
  const constrained = issuer(root, {
    nameConstraints: { permitted: ["dns:a.b", "ip:10.0.0.0/8"], excluded: ["email:c", "uri:d", "dir:e"] },
  });
  assert.ok(open(constrained).verify(open(root).publicKey));
});

test("keys come as SEC1, PKCS#8 and under a passphrase", () => {
  const key = keyPair("P-256", "some key");
  assert.match(key.pem, /^-----BEGIN EC PRIVATE KEY-----/);
  assert.match(key.pkcs8Pem, /^-----BEGIN PRIVATE KEY-----/);
  for (const pem of [encryptedPkcs8(key), encryptedTraditional(key)]) {
    assert.throws(() => createPrivateKey(pem));
    assert.ok(createPrivateKey({ key: pem, passphrase: "secret" }).equals(key.private));
  }
});

test("a label gives the same key each time, no label a new one", () => {
  assert.equal(keyPair("P-256", "a"), keyPair("P-256", "a"));
  assert.notEqual(keyPair().pem, keyPair().pem);
});

test("a bundle is the blocks one after the other", () => {
  const [one, two] = [anchor("one"), anchor("two")];
  assert.equal(bundle(one, two), pemBlock("CERTIFICATE", one.der) + pemBlock("CERTIFICATE", two.der));
});
