import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { algorithmRefused } from "../../../trust/algorithms.ts";
import { verifyAsIdentity, verifyIssuerAsProxy, verifyLeafAsProxy } from "../../../trust/x509/index.ts";
import { mintCertificate, mintKey } from "../../../trust/x509/mint/mint.ts";
import { mintRequest, openRequest } from "../../../trust/x509/mint/request.ts";
import { after, day, keyPair, now } from "../../certificates/index.ts";
import { anchorOf, asNode, issuerOf, leafName, leafOf } from "./mint-material.ts";

const root = await anchorOf({ pathLength: 1 });
const issuer = await issuerOf(root);
const leaf = await leafOf(issuer);

test("an anchor, its issuer and a leaf verify as identity, as the proxies and as OpenSSL do it", () => {
  const [anchors, chain] = [[root.certificate], [issuer.certificate]];
  assert.deepEqual(verifyAsIdentity(issuer.certificate, [], anchors, now).ok, true);
  assert.deepEqual(verifyIssuerAsProxy(chain, anchors, now, [leafName]).ok, true);
  for (const usage of ["server", "client"] as const)
    assert.equal(verifyLeafAsProxy(leaf.certificate, chain, anchors, now, usage).ok, true);
  for (const [child, parent] of [
    [root, root],
    [issuer, root],
    [leaf, issuer],
  ] as const) {
    assert.ok(asNode(child).checkIssued(asNode(parent)));
    assert.ok(asNode(child).verify(asNode(parent).publicKey));
    assert.ok(asNode(child).checkPrivateKey(child.key));
  }
});

test("linkerd check would pass the anchor and the issuer", () => {
  assert.equal(algorithmRefused(root.certificate, "anchor"), undefined);
  assert.equal(algorithmRefused(issuer.certificate, "issuer"), undefined);
});

test("each says what it is for, and nothing more", () => {
  const { basicConstraints, keyUsage, extendedKeyUsage, authorityKeyId } = issuer.certificate;
  assert.deepEqual(basicConstraints, { ca: true, pathLength: 0 });
  assert.deepEqual(keyUsage, ["certSign", "crlSign"]);
  assert.equal(extendedKeyUsage, undefined);
  assert.equal(authorityKeyId, root.certificate.subjectKeyId);
  assert.deepEqual(root.certificate.basicConstraints, { ca: true, pathLength: 1 });
  assert.deepEqual(leaf.certificate.basicConstraints, { ca: false });
  assert.deepEqual(leaf.certificate.dnsNames, [leafName]);
  assert.deepEqual(leaf.certificate.extendedKeyUsage, ["serverAuth", "clientAuth"]);
});

test("dates are those asked for, in whole seconds, and after 2049 too", async () => {
  const notAfter = new Date("2061-07-04T05:06:07.890Z");
  const { certificate } = await anchorOf({ notBefore: after(-1), notAfter });
  assert.equal(certificate.notAfter.toISOString(), "2061-07-04T05:06:07.000Z");
  assert.equal(certificate.notBefore.getTime(), now.getTime() - 1000);
});

test("the serial number is the chance that was handed in, made positive", async () => {
  const wish = {
    kind: "authority",
    subject: "x",
    key: root.key,
    notBefore: now,
    notAfter: after(day),
  } as const;
  const serial = async (octet: number) =>
    (await mintCertificate(wish, undefined, (bytes) => new Uint8Array(bytes).fill(octet))).serial;
  assert.equal(await serial(0xff), `7f${"ff".repeat(15)}`);
  assert.equal(await serial(0), `40${"00".repeat(15)}`);
});

test("an RSA anchor signs an issuer", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const rsa = await anchorOf({}, privateKey);
  assert.equal(rsa.certificate.signatureAlgorithm, "SHA256-RSA");
  const below = await issuerOf(rsa);
  assert.equal(verifyAsIdentity(below.certificate, [], [rsa.certificate], now).ok, true);
  assert.equal(algorithmRefused(below.certificate, "issuer"), undefined);
});

test("name constraints hold the issuer to the trust domain", async () => {
  const held = await issuerOf(root, { permittedDomains: ["cluster.local"] });
  assert.deepEqual(held.certificate.nameConstraints?.permitted.dns, ["cluster.local"]);
  const [chain, anchors] = [[held.certificate], [root.certificate]];
  assert.equal(verifyIssuerAsProxy(chain, anchors, now, [leafName]).ok, true);
  assert.equal(verifyIssuerAsProxy(chain, anchors, now, ["db.example.com"]).ok, false);
});

test("the signer's name is taken over as it is written", async () => {
  const printable = Buffer.from("300f310d300b06035504031304726f6f74", "hex"); // CN=root as a PrintableString
  const other = await anchorOf({ subject: printable });
  const below = await issuerOf(other);
  assert.deepEqual(Buffer.from(below.certificate.rawIssuer), printable);
});

test("a request carries a name and a key, and proves that its maker holds the key", async () => {
  const key = await mintKey();
  const der = await mintRequest("identity.linkerd.cluster.local", key);
  const request = await openRequest(der);
  assert.ok("key" in request);
  assert.equal(request.subject, "CN=identity.linkerd.cluster.local");
  assert.equal(request.commonName, "identity.linkerd.cluster.local");
  assert.equal(request.authority, true);
  const signed = await issuerOf(root, { subject: request.rawSubject, key: request.key });
  assert.equal(signed.certificate.keyFingerprint, request.keyFingerprint);
  assert.ok(asNode(signed).checkPrivateKey(key));
});

test("a request that was changed, and what is no request, say so", async () => {
  const der = await mintRequest("identity", createPrivateKey(keyPair().pem));
  const changed = Buffer.from(der);
  changed.writeUInt8(changed.readUInt8(changed.length - 3) ^ 1, changed.length - 3);
  assert.deepEqual(await openRequest(changed), {
    unreadable: "its signature is not by the key that it names",
  });
  const none = { unreadable: "it is not a PKCS#10 certificate request" };
  for (const bytes of [new Uint8Array(), root.certificate.der, der.subarray(0, 100), Buffer.from("hello")])
    assert.deepEqual(await openRequest(bytes), none);
});
