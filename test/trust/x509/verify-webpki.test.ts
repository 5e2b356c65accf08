import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyIssuerAsProxy, verifyLeafAsProxy } from "../../../trust/x509/index.ts";
import { after, anchor, day, issuer, leaf, type Minted, now, type Spoil } from "../../certificates/index.ts";
import { opened } from "../opened.ts";

const name = "default.default.serviceaccount.identity.linkerd.cluster.local";
const asProxy = (chain: readonly Minted[], anchors: readonly Minted[], names: readonly string[] = [name]) =>
  verifyIssuerAsProxy(chain.map(opened), anchors.map(opened), now, names);
const leafAsProxy = (end: Minted, chain: readonly Minted[], anchors: readonly Minted[]) =>
  (["server", "client"] as const).map(
    (usage) => verifyLeafAsProxy(opened(end), chain.map(opened), anchors.map(opened), now, usage).ok,
  );

const root = anchor();
const identity = issuer(root);

test("proxies accept a leaf whose issuer an anchor signed, in either role", () => {
  assert.deepEqual(leafAsProxy(leaf(identity), [identity], [root]), [true, true]);
  assert.ok(asProxy([identity], [root]).ok);
});

test("a reason says who would be refused, and whose fault it is", () => {
  const old = issuer(root, { notAfter: after(-day) });
  const who = `"identity.linkerd.cluster.local" (${old.fingerprint.slice(0, 8)})`;
  assert.equal(
    asProxy([old], [root]).reason,
    `proxies refuse a leaf signed by ${who} as a server: ${who}: it has expired (CertExpired)`,
  );
});

test("proxies accept leaves of an issuer that is an anchor itself", () => {
  assert.deepEqual(leafAsProxy(leaf(root), [root], [root]), [true, true]);
  assert.ok(asProxy([root], [root]).ok);
});

test("proxies refuse the leaves of an issuer that their bundle does not verify", () => {
  assert.match(asProxy([identity], [anchor("other")]).reason ?? "", /\(UnknownIssuer\)$/);
  assert.match(asProxy([identity], [anchor()]).reason ?? "", /\(InvalidSignatureForPublicKey\)$/);
});

for (const [what, spoil] of [
  ["has expired", { notAfter: after(-day) }],
  ["is no CA", { basicConstraints: { ca: false } }],
  ["is for clients only", { extKeyUsage: ["clientAuth"] }],
  ["may not sign certificates", { keyUsage: ["digitalSignature"] }],
  ["has an unknown critical extension", { unknownCritical: true }],
] as const satisfies readonly (readonly [string, Spoil])[]) {
  test(`proxies do not mind an anchor that ${what}`, () => {
    assert.ok(asProxy([identity], [anchor(undefined, { key: root.key, ...spoil })]).ok);
  });
}

for (const [what, spoil, error] of [
  ["has expired", { notAfter: after(-day) }, "CertExpired"],
  ["is not valid yet", { notBefore: after(day) }, "CertNotValidYet"],
  ["is no CA", { basicConstraints: { ca: false } }, "EndEntityUsedAsCa"],
  ["is for servers only", { extKeyUsage: ["serverAuth"] }, "RequiredEkuNotFoundContext"],
  ["is for any usage, which means nothing to them", { extKeyUsage: ["any"] }, "RequiredEkuNotFoundContext"],
  ["has an unknown critical extension", { unknownCritical: true }, "UnsupportedCriticalExtension"],
  ["is signed with SHA-1", { algorithm: "ecdsa-sha1" }, "UnsupportedSignatureAlgorithmContext"],
] as const satisfies readonly (readonly [string, Spoil, string])[]) {
  test(`proxies refuse the leaves of an issuer that ${what}`, () => {
    assert.match(asProxy([issuer(root, spoil)], [root]).reason ?? "", new RegExp(`\\(${error}\\)$`));
  });
}

test("key usage is nothing that proxies look at", () => {
  assert.ok(asProxy([issuer(root, { keyUsage: ["digitalSignature"] })], [root]).ok);
});

test("identity cannot sign leaves with a key that is not of an elliptic curve", () => {
  const rsa = issuer(root, { keyKind: "RSA-2048" });
  assert.match(
    asProxy([rsa], [root]).reason ?? "",
    /^identity signs leaves with ECDSA, but .* has a key of kind RSA$/,
  );
  for (const keyKind of ["P-384", "P-521"] as const)
    assert.ok(asProxy([issuer(root, { keyKind })], [root]).ok);
  assert.ok(!asProxy([issuer(root, { keyKind: "P-224" })], [root]).ok);
});

for (const keyKind of ["P-384", "P-521", "Ed25519", "RSA-2048"] as const) {
  test(`proxies take an anchor of kind ${keyKind}`, () => {
    const other = anchor("other", { keyKind });
    assert.ok(asProxy([issuer(other)], [other]).ok);
  });
}

for (const keyKind of ["P-224", "RSA-1024"] as const) {
  test(`proxies do not take an anchor of kind ${keyKind}, though identity does`, () => {
    const other = anchor("other", { keyKind });
    assert.ok(!asProxy([issuer(other)], [other]).ok);
  });
}

test("an intermediate is found only when it is sent along", () => {
  const middle = issuer(root, { name: "middle", basicConstraints: { ca: true, pathLength: 1 } });
  const below = issuer(middle);
  assert.ok(asProxy([below, middle], [root]).ok);
  assert.ok(!asProxy([below], [root]).ok);
});

test("an issuer's path length binds what is below it, not an anchor's", () => {
  const tight = anchor("tight", { basicConstraints: { ca: true, pathLength: 0 } });
  const middle = issuer(tight, { name: "middle", basicConstraints: { ca: true, pathLength: 0 } });
  assert.match(asProxy([issuer(middle), middle], [tight]).reason ?? "", /\(PathLenConstraintViolated\)$/);
  const loose = issuer(tight, { name: "loose", basicConstraints: { ca: true } });
  assert.ok(asProxy([issuer(loose), loose], [tight]).ok);
});

test("name constraints bind the identities in leaves", () => {
  const bound = issuer(root, { nameConstraints: { permitted: ["dns:cluster.local"] } });
  assert.ok(asProxy([bound], [root]).ok);
  assert.match(asProxy([bound], [root], ["elsewhere.example"]).reason ?? "", /\(NameConstraintViolation\)$/);
  const excluding = anchor("excluding", { nameConstraints: { excluded: ["dns:linkerd.cluster.local"] } });
  assert.ok(!asProxy([issuer(excluding)], [excluding]).ok);
});

test("a constraint on directory names refuses every leaf", () => {
  const bound = issuer(root, { nameConstraints: { permitted: ["dir:cluster"] } });
  assert.ok(!asProxy([bound], [root]).ok);
});

test("a leaf for servers only is no client", () => {
  assert.deepEqual(leafAsProxy(leaf(identity, { extKeyUsage: ["serverAuth"] }), [identity], [root]), [
    true,
    false,
  ]);
});

test("there is no judging an issuer that is not there", () => {
  assert.deepEqual(verifyIssuerAsProxy([], [opened(root)], now, []), {
    ok: false,
    reason: "there is no issuer",
    chains: [],
  });
});
