import assert from "node:assert/strict";
import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { type Certificate, openCertificate } from "../../../trust/x509/index.ts";
import { oid, sequence, set, tlv, utf8 } from "../../certificates/der.ts";
import { anchor, issuer, type KeyKind, leaf, now, type Spoil } from "../../certificates/index.ts";

function opened(der: Uint8Array): Certificate {
  const certificate = openCertificate(der);
  return "unreadable" in certificate ? assert.fail(certificate.unreadable) : certificate;
}

function unreadable(der: Uint8Array): string {
  const certificate = openCertificate(der);
  return "unreadable" in certificate ? certificate.unreadable : assert.fail("it was read");
}

const root = anchor("root.linkerd.cluster.local");

test("an anchor is opened into its facts", () => {
  const certificate = opened(root.der);
  const node = new X509Certificate(root.der);
  assert.equal(certificate.fingerprint, root.fingerprint);
  assert.equal(certificate.name, "root.linkerd.cluster.local");
  assert.equal(certificate.subject, "CN=root.linkerd.cluster.local");
  assert.equal(certificate.issuer, certificate.subject);
  assert.equal(certificate.serial, node.serialNumber.toLowerCase().replace(/^0+/, ""));
  assert.deepEqual([certificate.notBefore, certificate.notAfter], [root.notBefore, root.notAfter]);
  assert.deepEqual(certificate.key, { algorithm: "ECDSA", curve: "P-256", bits: 256 });
  assert.equal(certificate.signatureAlgorithm, "ECDSA-SHA256");
  assert.deepEqual(certificate.basicConstraints, { ca: true, pathLength: 1 });
  assert.deepEqual(certificate.keyUsage, ["certSign", "crlSign"]);
  assert.equal(certificate.extendedKeyUsage, undefined);
  assert.equal(certificate.keyFingerprint, createHash("sha256").update(root.key.spki).digest("hex"));
  assert.equal(certificate.subjectKeyId, root.key.keyId.toString("hex"));
  assert.equal(certificate.refusedByProxy ?? certificate.refusedByProxyInChain, undefined);
});

test("a leaf shows its names and usages", () => {
  const certificate = opened(
    leaf(root, {
      sans: [
        "dns:a.b",
        "ip:10.0.0.1",
        "ip:fd00::1",
        "uri:spiffe://root.linkerd.cluster.local/x",
        "email:a@b.c",
      ],
      extKeyUsage: ["serverAuth", "any", "1.3.6.1.4.1.99999"],
    }).der,
  );
  assert.deepEqual(certificate.dnsNames, ["a.b"]);
  assert.deepEqual(certificate.ipAddresses, ["10.0.0.1", "fd00::1"]);
  assert.deepEqual(certificate.uris, ["spiffe://root.linkerd.cluster.local/x"]);
  assert.deepEqual(certificate.emailAddresses, ["a@b.c"]);
  assert.deepEqual(certificate.extendedKeyUsage, ["serverAuth", "any", "1.3.6.1.4.1.99999"]);
});

test("name constraints are shown as they are written", () => {
  const nameConstraints = {
    permitted: ["dns:a.b", "ip:10.0.0.0/8"],
    excluded: ["uri:.c.d"],
    critical: true,
  } as const;
  assert.deepEqual(opened(anchor("root", { nameConstraints }).der).nameConstraints, {
    critical: true,
    permitted: { dns: ["a.b"], ip: ["10.0.0.0/8"], email: [], uri: [] },
    excluded: { dns: [], ip: [], email: [], uri: [".c.d"] },
  });
});

for (const [kind, key, algorithm] of [
  ["P-224", { algorithm: "ECDSA", curve: "P-224", bits: 224 }, "ECDSA-SHA256"],
  ["P-384", { algorithm: "ECDSA", curve: "P-384", bits: 384 }, "ECDSA-SHA384"],
  ["P-521", { algorithm: "ECDSA", curve: "P-521", bits: 521 }, "ECDSA-SHA512"],
  ["RSA-2048", { algorithm: "RSA", bits: 2048 }, "SHA256-RSA"],
  ["Ed25519", { algorithm: "Ed25519", bits: 256 }, "Ed25519"],
] as const satisfies readonly (readonly [KeyKind, object, string])[]) {
  test(`a key of kind ${kind} is recognised`, () => {
    const certificate = opened(anchor("root", { keyKind: kind }).der);
    assert.deepEqual([certificate.key, certificate.signatureAlgorithm], [key, algorithm]);
  });
}

test("a certificate without a common name goes by its whole subject, or its fingerprint", () => {
  const organization = sequence(set(sequence(oid("2.5.4.10"), utf8("Example, Inc."))));
  assert.equal(opened(anchor("", { subject: organization }).der).name, "O=Example\\, Inc.");
  const nameless = opened(anchor("", { subject: sequence() }).der);
  assert.equal(nameless.name, nameless.fingerprint.slice(0, 8));
});

test("a name cannot break out of a message", () => {
  const { name } = opened(anchor(`x"\n\u001b[31m\u202e\u2028${"y".repeat(300)}`).der);
  assert.match(name, /^x\\"\\u\{a\}\\u\{1b\}\[31m\\u\{202e\}\\u\{2028\}y+…$/);
});

for (const [what, spoil, reason] of [
  ["a negative serial number", { serial: Buffer.of(0x80) }, "negative serial number"],
  ["an extension twice", { duplicateExtension: true }, "certificate contains duplicate extension"],
  ["version 4", { version: 4 }, "invalid version"],
  [
    "two different signature algorithms",
    { innerAlgorithm: "ecdsa-sha384" },
    "inner and outer signature algorithm identifiers don't match",
  ],
  [
    "a printable string that is none",
    { subject: sequence(set(sequence(oid("2.5.4.3"), tlv(0x13, Buffer.from("a@b"))))) },
    "invalid RDNSequence: invalid attribute value: invalid PrintableString",
  ],
] as const satisfies readonly (readonly [string, Spoil, string])[]) {
  test(`identity does not read a certificate with ${what}`, () => {
    assert.equal(unreadable(anchor("root", spoil).der), reason);
  });
}

test("bytes after the certificate, or missing from it, make it unreadable", () => {
  assert.equal(unreadable(Buffer.concat([root.der, Buffer.of(0)])), "trailing data");
  assert.equal(unreadable(root.der.subarray(0, -1)), "malformed certificate");
  assert.equal(unreadable(new Uint8Array()), "malformed certificate");
});

test("a critical extension that nobody knows keeps a proxy from using it as an intermediate only", () => {
  const certificate = opened(issuer(root, { unknownCritical: true }).der);
  assert.equal(certificate.refusedByProxy, undefined);
  assert.match(certificate.refusedByProxyInChain ?? "", /\(UnsupportedCriticalExtension\)$/);
});

const versionOne = { version: 1, basicConstraints: false, keyUsage: false, subjectKeyId: false } as const;

test("a version 1 certificate is an anchor to a proxy, and nothing else", () => {
  const certificate = opened(anchor("old", versionOne).der);
  assert.equal(certificate.version, 1);
  assert.equal(certificate.refusedByProxy, undefined);
  assert.match(certificate.refusedByProxyInChain ?? "", /\(UnsupportedCertVersion\)$/);
});

test("what was opened once is the same object the next time, and no window on the caller's bytes", () => {
  const bytes = new Uint8Array(root.der);
  const certificate = opened(bytes);
  bytes.fill(0);
  assert.equal(opened(root.der), certificate);
  assert.deepEqual(Buffer.from(certificate.der), root.der);
});

test("no bytes whatever make it throw, and no reason repeats them", () => {
  for (let i = 0; i < 3000; i++) {
    const bytes = new Uint8Array(root.der);
    for (const [at, value] of randomBytes(6).entries())
      bytes[(value * 251 + i * 17) % bytes.length] = at * 43 + value;
    const certificate = openCertificate(i % 10 === 0 ? randomBytes(i % 500) : bytes);
    if ("unreadable" in certificate) assert.match(certificate.unreadable, /^[\w ,:'&#-]+$/);
  }
});

test("dates are read as Go reads them: two digits from 1950 to 2049", () => {
  const old = opened(anchor("old", { notBefore: new Date("1950-01-01T00:00:00Z"), notAfter: now }).der);
  assert.equal(old.notBefore.toISOString(), "1950-01-01T00:00:00.000Z");
});
