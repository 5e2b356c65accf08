import assert from "node:assert/strict";
import { test } from "node:test";
import { readCredentials } from "../../../trust/x509/index.ts";
import {
  anchor,
  bundle,
  ecParameters,
  encryptedPkcs8,
  encryptedTraditional,
  issuer,
  type KeyKind,
  keyPair,
  pemBlock,
} from "../../certificates/index.ts";

const root = anchor();
const identity = issuer(root);

for (const [form, key] of [
  ["SEC 1", identity.keyPem],
  ["PKCS#8", identity.pkcs8Pem],
] as const) {
  test(`the issuer's key in ${form} matches its certificate`, () => {
    const { chain, ...reading } = readCredentials(identity.pem, key);
    assert.deepEqual(reading, { dropped: [], key: "matches", keyAlgorithm: "ECDSA P-256" });
    assert.equal(chain[0]?.fingerprint, identity.fingerprint);
  });
}

for (const kind of ["P-224", "P-384", "P-521", "RSA-2048"] as const satisfies readonly KeyKind[]) {
  test(`a key of kind ${kind} is read and matched`, () => {
    const other = issuer(root, { keyKind: kind });
    assert.equal(readCredentials(other.pem, other.keyPem).key, "matches");
    assert.equal(readCredentials(other.pem, other.pkcs8Pem).key, "matches");
    assert.equal(readCredentials(identity.pem, other.keyPem).key, "differs");
  });
}

test("the key is compared with the first certificate of the chain", () => {
  const chain = bundle(identity, root);
  assert.equal(readCredentials(chain, identity.keyPem).key, "matches");
  assert.equal(readCredentials(chain, root.keyPem).key, "differs");
  assert.equal(readCredentials(chain, identity.keyPem).chain.length, 2);
});

for (const [what, key, reason] of [
  ["no PEM", "nonsense", "not PEM-encoded"],
  ["nothing", "", "not PEM-encoded"],
  [
    "EC PARAMETERS first, as openssl writes them",
    ecParameters() + identity.keyPem,
    "unsupported block type: an EC PARAMETERS block comes first",
  ],
  ["a certificate", identity.pem, "unsupported block type: a CERTIFICATE block comes first"],
  ["an encrypted PKCS#8 key", encryptedPkcs8(identity.key), "unsupported block type: it is encrypted"],
  ["an encrypted SEC 1 key", encryptedTraditional(identity.key), "failed to parse EC private key"],
  [
    "an Ed25519 key",
    keyPair("Ed25519").pem,
    "unsupported PKCS#8 private key type: only ECDSA and RSA keys are supported",
  ],
  [
    "PKCS#8 under the name of SEC 1",
    identity.pkcs8Pem.replaceAll("PRIVATE KEY", "EC PRIVATE KEY"),
    "it says EC PRIVATE KEY but holds a PKCS#8 key",
  ],
  [
    "SEC 1 under the name of PKCS#8",
    identity.keyPem.replaceAll("EC PRIVATE KEY", "PRIVATE KEY"),
    "it says PRIVATE KEY but holds an EC key",
  ],
  ["bytes that are no key", pemBlock("EC PRIVATE KEY", Buffer.of(1, 2)), "failed to parse EC private key"],
] as const) {
  test(`identity does not read ${what} as the issuer's key`, () => {
    const reading = readCredentials(identity.pem, key);
    assert.deepEqual([reading.key, reading.keyRefused], ["unreadable", reason]);
  });
}

test("only the first block of the key counts", () => {
  const other = issuer(root);
  assert.equal(readCredentials(identity.pem, other.keyPem + identity.keyPem).key, "differs");
});

test("an empty chain, as cert-manager writes it first, is refused", () => {
  const reading = readCredentials("", identity.keyPem);
  assert.deepEqual([reading.chain, reading.chainRefused], [[], "no certificates found"]);
});

test("no part of the key is in the answer", () => {
  const scalar = identity.key.private.export({ format: "jwk" }).d ?? "";
  const text = JSON.stringify(readCredentials(identity.pem, identity.keyPem));
  const hex = Buffer.from(scalar, "base64url").toString("hex");
  for (const secret of [scalar, hex, Buffer.from(scalar, "base64url").toString("base64")])
    assert.ok(!text.includes(secret));
});
