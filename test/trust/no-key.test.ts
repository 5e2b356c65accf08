// A private key stops at the door: no fact, of any shape of Secret, holds one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import { encryptedPkcs8, type Minted } from "../certificates/index.ts";
import { change, healthyIssuer, root } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";

describe("no fact holds a key", () => {
  /** Every text in the facts, however deep, bytes as base64, hex and text. */
  function* texts(value: unknown, seen = new Set<unknown>()): Generator<string> {
    if (typeof value === "string") yield value;
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Uint8Array) {
      for (const form of ["base64", "hex", "latin1"] as const) yield Buffer.from(value).toString(form);
      return;
    }
    for (const [key, inside] of Object.entries(value)) {
      yield key;
      yield* texts(inside, seen);
    }
  }

  /** The secret itself, in every spelling, at each place that it may take within base64. */
  const spellings = ({ key }: Minted) => {
    const secret = Buffer.from(key.private.export({ format: "jwk" }).d ?? "", "base64url");
    const shifted = [0, 1, 2].map((n) =>
      Buffer.concat([Buffer.alloc(n), secret])
        .toString("base64")
        .slice(4, -4),
    );
    return [...shifted, secret.toString("base64url"), secret.toString("hex"), secret.toString("latin1")];
  };
  const holds = (value: unknown, minted: Minted) => {
    const all = [...texts(value)].join("\n");
    return spellings(minted).some((one) => all.includes(one));
  };

  test("the search finds a key where there is one", () => {
    assert.ok(holds({ deep: [{ text: healthyIssuer.keyPem }] }, healthyIssuer));
    const der = healthyIssuer.key.private.export({ format: "der", type: "pkcs8" });
    assert.ok(holds({ der: new Uint8Array(der) }, healthyIssuer));
  });

  for (const [title, key] of Object.entries({
    "as it should be": healthyIssuer.keyPem,
    "in PKCS#8": healthyIssuer.pkcs8Pem,
    "after a certificate": healthyIssuer.pem + healthyIssuer.keyPem,
    damaged: healthyIssuer.keyPem.replace("-----END", "----END"),
    encrypted: encryptedPkcs8(healthyIssuer.key),
    "without its lines": healthyIssuer.keyPem.replaceAll("\n", " "),
  })) {
    for (const layout of [
      { "tls.key": key },
      { "tls.crt": key },
      { "tls.crt": healthyIssuer.pem + key },
      { "ca.crt": key },
    ]) {
      test(`${title}, under ${Object.keys(layout).join()}`, () => {
        const secret = issuerSecret(healthyIssuer, "kubernetes.io/tls", layout);
        assert.equal(holds(change({ issuer: secret }, { issuer: secret }), healthyIssuer), false);
      });
    }
  }

  test("a key in the ConfigMap is told of by its place", () => {
    const object = annotated(trustRoots([root]), { note: root.keyPem });
    const { privateKeys } = openTrustRoots(object);
    assert.deepEqual(privateKeys, [{ place: "annotation note", what: "an EC private key on line 1" }]);
  });

  test("a key in a name is told of, and the name is not", () => {
    const name = healthyIssuer.key.private.export({ format: "der", type: "sec1" }).toString("base64url");
    const { privateKeys } = openTrustRoots({
      data: { [name]: healthyIssuer.keyPem },
      binaryData: { [name]: "" },
      metadata: { annotations: { [name]: "" }, labels: { [name]: "" } },
    });
    const what = "an EC private key in DER in base64 on line 1";
    assert.deepEqual(privateKeys, [
      { place: 'data["(withheld)"]', what: "an EC private key on line 1" },
      { place: "the name of a key in data", what },
      { place: "the name of a key in binaryData", what },
      { place: "the name of an annotation", what },
      { place: "the name of a label", what },
    ]);
    assert.equal(holds(privateKeys, healthyIssuer), false);
  });

  test("a hundred places are told of, and not a hundred thousand", () => {
    const data = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}`, healthyIssuer.keyPem]));
    assert.equal(openTrustRoots({ data }).privateKeys.length, 100);
  });
});
