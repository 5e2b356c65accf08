import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyAsIdentity } from "../../../trust/x509/index.ts";
import {
  after,
  anchor,
  day,
  issuer,
  type Minted,
  mint,
  now,
  type Spoil,
  second,
} from "../../certificates/index.ts";
import { opened } from "../opened.ts";

const verify = (certificate: Minted, anchors: readonly Minted[], chain: readonly Minted[] = [], at = now) =>
  verifyAsIdentity(opened(certificate), chain.map(opened), anchors.map(opened), at);

const short = ({ name, fingerprint }: Minted): string => `"${name}" (${fingerprint.slice(0, 8)})`;

const root = anchor();
const identity = issuer(root);

test("an issuer signed by an anchor is verified", () => {
  const { ok, chains } = verify(identity, [anchor("another"), root]);
  assert.ok(ok);
  assert.deepEqual(
    chains.map((chain) => chain.map(({ fingerprint }) => fingerprint)),
    [[identity.fingerprint, root.fingerprint]],
  );
});

test("all chains are told, also those beyond the first", () => {
  const renewed = anchor(root.name, { key: root.key });
  const chains = verify(identity, [anchor(root.name), renewed, root]).chains;
  assert.deepEqual(
    chains.map((chain) => chain.map(({ fingerprint }) => fingerprint)),
    [renewed, root].map(({ fingerprint }) => [identity.fingerprint, fingerprint]),
  );
});

test("an issuer signed by nobody in the bundle is refused", () => {
  assert.equal(
    verify(identity, [anchor("another")]).reason,
    `${short(identity)} is signed by no anchor in the bundle: none is named as its issuer, CN=root.linkerd.cluster.local`,
  );
});

test("an anchor of the same name with another key is told apart", () => {
  const namesake = anchor();
  assert.equal(
    verify(identity, [namesake]).reason,
    `${short(identity)} is signed by no anchor in the bundle: ${short(identity)} is not signed by the key of ${short(namesake)}`,
  );
  assert.ok(verify(identity, [namesake, root]).ok);
});

test("an anchor renewed with the same key verifies what the old one verified", () => {
  assert.ok(verify(identity, [anchor(undefined, { key: root.key, notAfter: after(3 * day) })]).ok);
});

test("a self-signed issuer that is an anchor itself is verified", () => {
  assert.ok(verify(root, [root]).ok);
  assert.ok(verify(anchor("identity.linkerd.", { keyUsage: false }), [anchor("other"), root]).ok === false);
});

test("an anchor need not be self-signed", () => {
  assert.ok(verify(issuer(identity, { name: "below" }), [issuer(root, { key: identity.key })]).ok);
});

test("an intermediate is found only when it is sent along", () => {
  const above = anchor("root", { basicConstraints: { ca: true } });
  const middle = issuer(above, { name: "middle", basicConstraints: { ca: true, pathLength: 1 } });
  const below = issuer(middle);
  assert.ok(verify(below, [above], [middle]).ok);
  assert.ok(!verify(below, [above]).ok);
});

test("an expired anchor next to a good one does no harm", () => {
  assert.ok(verify(identity, [anchor("old", { notAfter: after(-day) }), root]).ok);
});

const late = "2026-05-31T12:00:00Z";
for (const [what, spoil, reason] of [
  ["has expired", { notAfter: after(-day) }, `expired on ${late}`],
  ["is not valid yet", { notBefore: after(day) }, "is not valid before 2026-06-02T12:00:00Z"],
  ["is no CA", { basicConstraints: { ca: false } }, "is not a CA"],
  ["has no basic constraints", { basicConstraints: false }, "is not a CA"],
  [
    "may not sign certificates",
    { keyUsage: ["digitalSignature"] },
    "may not sign certificates: its key usage lacks certSign",
  ],
  [
    "has an unknown critical extension",
    { unknownCritical: true },
    "has a critical extension that identity does not know",
  ],
] as const satisfies readonly (readonly [string, Spoil, string])[]) {
  test(`an anchor that ${what} verifies no issuer`, () => {
    const spoiled = anchor(undefined, { key: root.key, ...spoil });
    assert.ok(verify(identity, [spoiled]).reason?.endsWith(`${short(spoiled)} ${reason}`));
  });
}

test("an issuer that has expired is refused before anything is asked of anchors", () => {
  const old = issuer(root, { notAfter: after(-day) });
  assert.equal(verify(old, []).reason, `${short(old)} expired on ${late}`);
});

test("validity holds to the very second at both ends, and not a millisecond longer", () => {
  const brief = issuer(root, { notBefore: after(-10 * second), notAfter: after(10 * second) });
  const at = (milliseconds: number) => verify(brief, [root], [], after(milliseconds)).ok;
  assert.deepEqual([-10_001, -10_000, 10_000, 10_001].map(at), [false, true, true, false]);
});

test("an extended key usage without serverAuth keeps an issuer out; none at all, or any, does not", () => {
  const narrow = issuer(root, { extKeyUsage: ["clientAuth"] });
  assert.equal(
    verify(narrow, [root]).reason,
    `the extended key usage does not allow serverAuth: ${short(narrow)} is for clientAuth only`,
  );
  assert.ok(verify(issuer(root, { extKeyUsage: ["any"] }), [root]).ok);
  assert.ok(verify(issuer(root, { extKeyUsage: ["serverAuth"] }), [root]).ok);
});

test("usages nest: an anchor for clients only verifies no issuer", () => {
  assert.ok(!verify(identity, [anchor(undefined, { key: root.key, extKeyUsage: ["clientAuth"] })]).ok);
});

test("a path length counts intermediates only", () => {
  const tight = anchor("tight", { basicConstraints: { ca: true, pathLength: 0 } });
  const middle = issuer(tight, { name: "middle", basicConstraints: { ca: true } });
  assert.ok(verify(middle, [tight]).ok);
  assert.ok(
    verify(issuer(middle), [tight], [middle]).reason?.endsWith(
      `${short(tight)} allows only 0 intermediates below it`,
    ),
  );
});

test("SHA-1 and small RSA keys are insecure; P-224 is not, to identity", () => {
  assert.match(
    verify(issuer(root, { algorithm: "ecdsa-sha1" }), [root]).reason ?? "",
    /ECDSA-SHA1, which is insecure$/,
  );
  const p224 = anchor("p224", { keyKind: "P-224" });
  assert.ok(verify(issuer(p224), [p224]).ok);
  const rsa = anchor("rsa", { keyKind: "RSA-1024" });
  assert.ok(verify(issuer(rsa), [rsa]).ok);
});

test("name constraints bind the names in the issuer", () => {
  const bound = anchor("bound", { nameConstraints: { permitted: ["dns:cluster.local"] } });
  assert.ok(verify(issuer(bound), [bound]).ok);
  assert.ok(verify(issuer(bound, { sans: ["dns:x.cluster.local"] }), [bound]).ok);
  assert.equal(
    verify(issuer(bound, { sans: ["dns:elsewhere"] }), [bound]).reason,
    `${short(bound)} is not authorized to sign for a name: DNS name "elsewhere" is not permitted`,
  );
});

test("a damaged signature is no signature", () => {
  assert.ok(!verify(issuer(root, { flipSignature: true }), [root]).ok);
});

test("a hundred namesakes exhaust the budget of signatures", () => {
  const namesakes = Array.from({ length: 100 }, () => anchor());
  const lost = issuer(root, { authorityKeyId: false });
  assert.match(verify(lost, [...namesakes, root]).reason ?? "", /^more than 100 signatures/);
  // The key identifier brings the right one to the front.
  assert.ok(verify(identity, [...namesakes, root]).ok);
});

test("a copy of a certificate verifies like the original", () => {
  assert.ok(verifyAsIdentity({ ...opened(identity) }, [], [{ ...opened(root) }], now).ok);
});

test("reasons do not depend on when they are asked for", () => {
  const old = issuer(root, { notAfter: after(-day) });
  assert.equal(verify(old, [root]).reason, verify(old, [root], [], after(day)).reason);
  assert.ok(!verify(mint(undefined, { key: root.key, name: "x" }), []).ok);
});
