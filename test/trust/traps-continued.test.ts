// Traps 14 to 27, as in traps.test.ts, and some that issues tell of. Not of admission, and so not here:
//   20 the guard's own place, certificate and selectors: the manifests' tests
//   26 which issuer signed the leaf of a running pod: the plugin asks the pod
//   27 multicluster compares linkerd-config, and not what the meshes use: the plugin compares bundles
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, anchor, bundle, day, hour, issuer, type KeyKind, keyPair } from "../certificates/index.ts";
import { emptyMesh, healthyIssuer, healthyMesh, judged, refusing, root, type State } from "./facts.ts";
import { issuerSecret, trustRoots, written } from "./objects.ts";
import { identityPod, pod } from "./pods.ts";

const next = anchor("next root");
const nextIssuer = issuer(next);
const overlap: State = { bundle: trustRoots([root, next]), mesh: healthyMesh([root, next]) };
const reissue: State = { issuer: nextIssuer };
const warned = (given: State, write: State) => judged(given, write).warnings.map(({ rule }) => rule.id);
const nothingSaid = (given: State, write: State) =>
  assert.deepEqual([refusing(given, write), warned(given, write)], [[], []]);

test("14: every default install has the same subject and serial number, and is another mesh", () => {
  const install = () => anchor("identity.linkerd.", { serial: 1, extKeyUsage: ["serverAuth", "clientAuth"] });
  const [ours, theirs] = [install(), install()];
  const given: State = { bundle: [ours], issuer: ours, mesh: healthyMesh([ours]), seen: [[ours, written]] };
  assert.deepEqual(refusing(given, { bundle: [ours] }), []);
  assert.ok(refusing(given, { bundle: [theirs] }).includes("bundle-overlaps-previous"));
  assert.ok(refusing(given, { issuer: theirs }).includes("issuer-chains-to-anchor"));
});

test("15: new dates for the same key are a renewal, and nobody need be restarted", () => {
  const renewed = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(3000 * day) });
  nothingSaid({}, { bundle: [renewed] });
  nothingSaid({ bundle: trustRoots([renewed]), mesh: healthyMesh([root]) }, { issuer: issuer(renewed) });
});

test("16: trust-manager sorts, step puts the new one first: the set is the same", () => {
  nothingSaid(overlap, { bundle: [next, root] });
  nothingSaid({ ...overlap, mesh: healthyMesh([next, root]) }, { issuer: nextIssuer });
});

test("17: a 48-hour issuer that is renewed in time warns of nothing", () => {
  const lasting = (from: number) =>
    issuer(root, { notBefore: after(from), notAfter: after(from + 48 * hour) });
  nothingSaid({ issuer: lasting(-20 * hour) }, { issuer: lasting(-1) });
});

test("18: taking an expired anchor out is welcome", () => {
  const expired = anchor("expired", { notAfter: after(-day) });
  nothingSaid({ bundle: [root, expired] }, { bundle: [root] });
});

for (const kind of ["RSA-3072", "P-384", "Ed25519"] satisfies KeyKind[]) {
  test(`19: ${kind} works in a proxy, and linkerd check fails on it`, () => {
    const odd = anchor(kind, { key: keyPair(kind, kind) });
    assert.deepEqual(refusing({}, { bundle: [root, odd] }), ["anchor-algorithm-supported"]);
    const refusedBy = refusing({}, { issuer: issuer(root, { key: odd.key }) });
    assert.ok(refusedBy.includes("issuer-algorithm-supported"));
  });
}

test("21: Linkerd may live in another namespace, beside another control plane", () => {
  const ours = { namespace: "mesh", controlPlane: "mesh" };
  const theirs = pod({ bundle: [root] });
  const given = { ...overlap, namespace: "mesh", mesh: [identityPod(ours), theirs] };
  assert.deepEqual(refusing(given, reissue), []);
  const mine = pod({ bundle: [root], controlPlane: "mesh" });
  assert.deepEqual(refusing({ ...given, mesh: [...given.mesh, mine] }, reissue), [
    "issuer-trusted-by-proxies",
  ]);
});

test("22: each replica of identity reads for itself, so the oldest counts", () => {
  const old = identityPod({ startedAt: new Date(written.getTime() - hour) });
  const given = { ...overlap, mesh: [identityPod(), old, identityPod(), pod({ bundle: [root, next] })] };
  assert.ok(refusing(given, reissue).includes("issuer-known-to-identity"));
});

test("23: extensions are pods like any other, and the documentation forgets them", () => {
  const gateway = pod({
    namespace: "linkerd-multicluster",
    owner: ["deployment", "gateway"],
    bundle: [root],
  });
  const given = { ...overlap, mesh: [...healthyMesh([root, next]), gateway] };
  const [denied] = judged(given, reissue).denied;
  assert.match(denied?.detail ?? "", /linkerd-multicluster\/deploy\/gateway/);
});

test("24: one pod of a rollout that is left is enough, and a finished Job is none", () => {
  const left = pod({ bundle: [root] });
  const finished = pod({ bundle: [root], owner: ["job", "report"], phase: "Succeeded" });
  const mesh = healthyMesh([root, next]);
  assert.deepEqual(refusing({ ...overlap, mesh: [...mesh, left] }, reissue), ["issuer-trusted-by-proxies"]);
  assert.deepEqual(refusing({ ...overlap, mesh: [...mesh, finished] }, reissue), []);
});

test("25: nothing that is said of a write holds a key", () => {
  const write = { bundle: `${bundle(root)}${root.keyPem}` };
  const said = JSON.stringify([judged({}, write), judged({}, { issuer: nextIssuer })]);
  for (const line of [...root.keyPem.split("\n"), ...nextIssuer.keyPem.split("\n")].filter(
    (one) => one.length > 20 && !one.startsWith("-----"),
  )) {
    assert.ok(!said.includes(line));
  }
});

test("https://github.com/linkerd/linkerd2/issues/4711: a bundle of anchors in the place of the issuer", () => {
  const mistaken = issuerSecret([root, healthyIssuer], "kubernetes.io/tls", {
    "tls.key": healthyIssuer.keyPem,
  });
  assert.deepEqual(refusing({}, { issuer: mistaken }), ["issuer-key-matches"]);
});

test("https://github.com/linkerd/linkerd2/issues/9508: a Secret's keys in the ConfigMap", () => {
  const secretive = { ...trustRoots([root]), data: { "tls.crt": root.pem, "tls.key": root.keyPem } };
  assert.deepEqual(refusing({}, { bundle: secretive }), ["bundle-holds-no-key", "bundle-present"]);
});

test("https://github.com/smallstep/cli: step certificate bundle takes the first anchor of each file only", () => {
  const given: State = { ...overlap, issuer: nextIssuer, seen: [[nextIssuer, written]] };
  const third = anchor("third root");
  assert.ok(refusing(given, { bundle: [root, third] }).includes("issuer-chains-to-anchor"));
});

test("https://github.com/cert-manager/trust-manager/issues/100: a target is edited, and its key goes first", () => {
  assert.deepEqual(refusing({}, { bundle: { ...trustRoots([root]), data: {} } }), ["bundle-present"]);
});

test("while the bundle is lost, no issuer may come that no proxy trusts", () => {
  for (const bundle of [undefined, "garbage"]) {
    const given: State = { bundle, mesh: healthyMesh([root]) };
    assert.deepEqual(refusing(given, { issuer: nextIssuer }), ["issuer-trusted-by-proxies"]);
    assert.deepEqual(refusing(given, { issuer: issuer(root) }), []);
  }
});

test("an uninstall is not held up: nobody is meshed, and the objects go in any order", () => {
  for (const mesh of [emptyMesh, []]) {
    assert.deepEqual(refusing({ mesh }, { bundle: undefined }), []);
    assert.deepEqual(refusing({ mesh, bundle: undefined }, { issuer: undefined }), []);
    assert.deepEqual(refusing({ mesh }, { issuer: undefined }), []);
    assert.deepEqual(refusing({ mesh, issuer: undefined }, { bundle: undefined }), []);
  }
});
