// The traps of Linkerd's trust that people fell into, each as the write that springs it: 1 to 13 of the
// list of 27. The others are in traps-continued.test.ts. Not of admission, and so not here:
//   6  a Certificate with renewBefore 7320h rotates its anchor every sixty days: the plugin says so
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, anchor, bundle, day, hour, issuer, second } from "../certificates/index.ts";
import { called, healthyIssuer, healthyMesh, judged, refusing, root, type State } from "./facts.ts";
import { issuerSecret, linkerdConfig, trustRoots, written } from "./objects.ts";
import { controlPlanePod, identityPod, pod } from "./pods.ts";

const next = anchor("next root");
const nextIssuer = issuer(next);
const overlap: State = { bundle: trustRoots([root, next]) };
const restarted = healthyMesh([root, next]);
const stale = new Date(written.getTime() - hour);
const reissued: State = {
  ...overlap,
  issuer: nextIssuer,
  mesh: restarted,
  seen: [
    [healthyIssuer, after(-20 * day)],
    [nextIssuer, after(-hour)],
  ],
};
const warned = (given: State, write: State) => judged(given, write).warnings.map(({ message }) => message);

test("1: linkerd check never compares the bundle with the issuer", () => {
  const unrelated = { ...overlap, seen: [[nextIssuer, after(-20 * day)]] } as const;
  assert.deepEqual(refusing(unrelated, { bundle: [next] }), ["issuer-chains-to-anchor"]);
});

test("2: identity must be restarted between the bundle and the issuer (IssuerUpdateSkipped)", () => {
  const mesh = [identityPod({ startedAt: stale }), pod({ bundle: [root, next] })];
  assert.deepEqual(refusing({ ...overlap, mesh }, { issuer: nextIssuer }), [
    "issuer-known-to-identity",
    "issuer-trusted-by-proxies",
  ]);
  assert.deepEqual(refusing({ ...overlap, mesh: restarted }, { issuer: nextIssuer }), []);
});

test("3: a pod made after the bundle changed may hold the old one, for the kubelet is slow", () => {
  const late = pod({ bundle: [root], startedAt: new Date(written.getTime() + 30 * second) });
  assert.deepEqual(refusing({ ...overlap, mesh: [identityPod(), late] }, { issuer: nextIssuer }), [
    "issuer-trusted-by-proxies",
  ]);
});

test("4: that every pod holds the new anchor does not mean that no leaf needs the old one", () => {
  assert.deepEqual(refusing(reissued, { bundle: [next] }), ["anchor-in-use-kept"]);
});

test("5: an upgrade with old values takes the new anchor out again", () => {
  const config = linkerdConfig({ identityTrustAnchorsPEM: bundle(root), identity: { externalCA: false } });
  assert.deepEqual(warned({ ...overlap, config }, { bundle: [root, next] }), [
    `the next upgrade would drop anchor ${called(next)}: linkerd-config lacks it`,
  ]);
  assert.ok(refusing({ ...reissued, config }, { bundle: [root] }).includes("issuer-chains-to-anchor"));
});

test("7: runbooks from before December 2025 switch the issuer before the restarts", () => {
  const mesh = [
    identityPod({ startedAt: stale }),
    controlPlanePod("destination", { startedAt: stale }),
    pod({ bundle: [root], startedAt: stale }),
  ];
  assert.deepEqual(refusing({ ...overlap, mesh }, { issuer: nextIssuer }), [
    "issuer-known-to-identity",
    "issuer-trusted-by-proxies",
  ]);
});

test("8: without linkerd-previous-anchor the next renewal drops the anchor in use", () => {
  assert.deepEqual(refusing({}, { bundle: [next] }), [
    "bundle-overlaps-previous",
    "anchor-in-use-kept",
    "issuer-chains-to-anchor",
  ]);
});

test("9: neither object may go while the mesh runs, and both may go with the namespace", () => {
  for (const gone of [{ bundle: undefined }, { issuer: undefined }]) {
    assert.deepEqual(refusing({}, gone), ["trust-not-deleted"]);
    assert.deepEqual(refusing({ terminating: true }, gone), []);
  }
});

test("10: cert-manager's renewal is let through where only dates are against it", () => {
  const short = anchor("short", { notAfter: after(day) });
  const issued = (to: number) => issuer(short, { notBefore: after(-hour), notAfter: after(to) });
  const given = { bundle: [short], issuer: issued(hour) };
  assert.deepEqual(refusing(given, { issuer: issued(2 * day) }), []);
  assert.deepEqual(refusing({ bundle: [short], issuer: issued(-second) }, { issuer: issued(2 * day) }), []);
});

test("11: cert-manager makes the Secret first and fills it later", () => {
  const empty = { ...issuerSecret(healthyIssuer), data: { "tls.crt": "", "tls.key": "" } };
  const key = { ...empty, data: { ...issuerSecret(healthyIssuer).data, "tls.crt": "" } };
  for (const bundle of [undefined, [root]]) {
    const given: State = { bundle, mesh: [] };
    assert.deepEqual(refusing({ ...given, issuer: undefined }, { issuer: empty }), []);
    assert.deepEqual(refusing({ ...given, issuer: empty }, { issuer: key }), []);
    assert.deepEqual(refusing({ ...given, issuer: key }, { issuer: healthyIssuer }), []);
  }
});

test("12: at an install either object may come first", () => {
  const nothing: State = { bundle: undefined, issuer: undefined, mesh: [] };
  assert.deepEqual(refusing(nothing, { issuer: healthyIssuer }), []);
  assert.deepEqual(refusing({ ...nothing, issuer: healthyIssuer }, { bundle: [root] }), []);
  assert.deepEqual(refusing(nothing, { bundle: [root] }), []);
  assert.deepEqual(refusing({ ...nothing, bundle: [root] }, { issuer: healthyIssuer }), []);
});

for (const [issuers, end] of [
  ["has expired too", -second],
  ["expired before it", -2 * day],
  ["lives on", 365 * day],
] as const) {
  const dead = anchor("dead", { notAfter: after(-day) });
  const given = { bundle: [dead], issuer: issuer(dead, { notAfter: after(end) }), mesh: healthyMesh([dead]) };
  const title = `13: every anchor has expired, and the issuer ${issuers}`;

  test(`${title}: bundle first, then issuer`, () => {
    assert.deepEqual(refusing(given, { bundle: [next] }), []);
    assert.deepEqual(refusing({ ...given, bundle: [next] }, { issuer: nextIssuer }), []);
  });

  test(`${title}: issuer first, then bundle`, () => {
    assert.deepEqual(refusing(given, { issuer: nextIssuer }), []);
    assert.deepEqual(refusing({ ...given, issuer: nextIssuer }, { bundle: [next] }), []);
  });
}
