import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { findPrivateKeys } from "../../../trust/x509/index.ts";
import { base64 } from "../../base64.ts";
import {
  anchor,
  bundle,
  ecParameters,
  encryptedPkcs8,
  encryptedTraditional,
  issuer,
  keyPair,
  pemBlock,
} from "../../certificates/index.ts";

const root = anchor();
const identity = issuer(root);
const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----|\s/g, ""), "base64");
const wrapped = (text: string): string => text.replace(/.{64}/g, "$&\n");
const bytesOf = (der: Buffer, before: string, between: string): string =>
  [...der].map((octet) => before + octet.toString(16).padStart(2, "0")).join(between);
const colons = (der: Buffer): string => bytesOf(der, "", ":").replace(/.{45}/g, "$&\n    ");
const jwk = JSON.stringify(identity.key.private.export({ format: "jwk" }));
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const { keyPem: sec1, pkcs8Pem: pkcs8 } = identity;

for (const [what, text, found] of [
  ["SEC 1 in PEM", sec1, "an EC private key"],
  ["PKCS#8 in PEM", pkcs8, "a PKCS#8 private key"],
  ["RSA in PEM", keyPair("RSA-2048").pem, "an RSA private key"],
  ["PKCS#8 under a passphrase", encryptedPkcs8(identity.key), "an encrypted private key"],
  ["SEC 1 under a passphrase", encryptedTraditional(identity.key), "an EC private key"],
  ["an OpenSSH key", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "an OpenSSH private key"],
  ["a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "a PGP private key"],
  ["an indented key", sec1.replace(/^/gm, "    "), "an EC private key"],
  ["a key in a JSON string", JSON.stringify(sec1), "an EC private key"],
  ["a key without its END line", sec1.split("-----END")[0] ?? "", "an EC private key"],
  ["a key's END line", "-----END PRIVATE KEY-----", "a PKCS#8 private key"],
  ["a key on one line", pkcs8.replaceAll("\n", " "), "a PKCS#8 private key"],
  ["a key without BEGIN and END", sec1.replace(/-----.*\n/g, ""), "an EC private key in DER in base64"],
  ["the base64 of PEM", base64(sec1), "an EC private key in base64"],
  ["the base64 of the base64 of PEM", base64(base64(sec1)), "an EC private key in base64"],
  ["the base64 of DER", base64(derOf(pkcs8)), "a PKCS#8 private key in DER in base64"],
  ["the same, wrapped", wrapped(base64(derOf(pkcs8))), "a PKCS#8 private key in DER in base64"],
  ["the same, after a slash", `x/${base64(derOf(sec1))}`, "an EC private key in DER in base64"],
  ["RSA in base64", base64(derOf(keyPair("RSA-2048").pem)), "an RSA or DSA private key in DER in base64"],
  [
    "Ed25519 in base64",
    base64(ed25519.export({ type: "pkcs8", format: "der" })),
    "a PKCS#8 private key in DER in base64",
  ],
  ["base64url", derOf(sec1).toString("base64url"), "an EC private key in DER in base64"],
  [
    "a key under the name of a certificate",
    pemBlock("CERTIFICATE", derOf(pkcs8)),
    "a PKCS#8 private key in DER in base64",
  ],
  ["DER in binary data", new Uint8Array(derOf(pkcs8)), "a PKCS#8 private key in DER"],
  ["DER among other bytes", Buffer.concat([root.der, derOf(sec1)]), "an EC private key in DER"],
  ["encrypted DER", new Uint8Array(derOf(encryptedPkcs8(identity.key))), "an encrypted private key in DER"],
  ["DER in hex", derOf(sec1).toString("hex"), "an EC private key in DER in hex"],
  [
    "hex in upper case, after a digit",
    `0 ${derOf(pkcs8).toString("hex").toUpperCase()}`,
    "a PKCS#8 private key in DER in hex",
  ],
  ["hex with colons, wrapped", colons(derOf(sec1)), "an EC private key in DER in hex"],
  ["hex as a program has it", bytesOf(derOf(sec1), "0x", ", "), "an EC private key in DER in hex"],
  ["hex in escapes", bytesOf(derOf(sec1), "\\x", ""), "an EC private key in DER in hex"],
  ["PEM in hex", Buffer.from(sec1).toString("hex"), "an EC private key in hex"],
  ["hex in base64", base64(derOf(sec1).toString("hex")), "an EC private key in DER in hex in base64"],
  ["a JSON Web Key", jwk, "a private JSON Web Key"],
  ["a JSON Web Key in a string", JSON.stringify(jwk), "a private JSON Web Key"],
  ["UTF-16", new Uint8Array(Buffer.from(sec1, "utf16le")), "an EC private key in UTF-16"],
] as const) {
  test(`a private key is found: ${what}`, () => {
    const all = findPrivateKeys(text);
    assert.equal(all.length, 1, all.join("; "));
    assert.ok(all[0]?.startsWith(`${found} on line `), all.join());
  });
}

test("the line is told, and never the key", () => {
  const found = findPrivateKeys(bundle(root) + sec1);
  const line = bundle(root).split("\n").length;
  assert.deepEqual(found, [`an EC private key on line ${line}`]);
});

test("as many are told as are asked for", () => {
  assert.equal(findPrivateKeys(sec1.repeat(3)).length, 3);
  assert.deepEqual(findPrivateKeys(sec1.repeat(3), 1), ["an EC private key on line 1"]);
  assert.equal(findPrivateKeys(sec1.repeat(300)).length, 100);
});

test("a key at the end of megabytes of base64 is found", () => {
  const encoded = base64(Buffer.concat([Buffer.alloc(9_000_000, "certificates, "), derOf(pkcs8)]));
  assert.deepEqual(findPrivateKeys(encoded), ["a PKCS#8 private key in DER in base64 on line 1"]);
});

test("certificates, requests, public keys and parameters are no private keys", () => {
  const publicKey = pemBlock("PUBLIC KEY", root.key.spki);
  const request = pemBlock("CERTIFICATE REQUEST", randomBytes(300));
  for (const text of [
    bundle(root, identity),
    publicKey,
    request,
    ecParameters(),
    jwk.replace(/,"d":"[^"]*"/, ""),
  ])
    assert.deepEqual(findPrivateKeys(text), []);
});

test("hundreds of certificates and a megabyte of noise raise no alarm", () => {
  for (let i = 0; i < 300; i++) {
    const some = anchor(`root ${i}`, i % 50 === 0 ? { keyKind: "RSA-2048" } : {});
    const { pem, der } = some;
    const hex = Buffer.from(der).toString("hex");
    for (const text of [
      pem,
      der,
      base64(pem),
      base64(der),
      JSON.stringify(pem),
      hex,
      colons(Buffer.from(der)),
    ])
      assert.deepEqual(findPrivateKeys(text), []);
  }
  const noise = randomBytes(2 ** 20);
  assert.deepEqual(findPrivateKeys(noise), []);
  assert.deepEqual(findPrivateKeys(base64(noise)), []);
  assert.deepEqual(findPrivateKeys(noise.toString("hex")), []);
});
