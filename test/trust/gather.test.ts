import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openInstallConfig } from "../../trust/gather/install-config.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { dataChangedAt, type ObjectMeta } from "../../trust/gather/objects.ts";
import { after, bundle, day, hour, issuer } from "../certificates/index.ts";
import { facts, healthyIssuer, root, unseen } from "./facts.ts";
import { issuerSecret, linkerdConfig, metadata } from "./objects.ts";

const fingerprints = (certificates: readonly { readonly fingerprint: string }[] = []) =>
  certificates.map((one) => one.fingerprint);

describe("what was looked at, and what was found", () => {
  test("an object that was not looked at leaves no fact", () => {
    const seen = facts({ bundle: unseen, issuer: unseen, config: unseen, mesh: unseen, seen: unseen });
    assert.deepEqual(Object.keys(seen), ["now", "namespace", "thresholds", "terminating"]);
  });

  test("an object that is not there is a fact", () => {
    const { trustRoots, issuerSecret, bundle, issuer } = facts({ bundle: undefined, issuer: undefined });
    assert.deepEqual([trustRoots?.present, issuerSecret?.present], [false, false]);
    assert.deepEqual([bundle, issuer], [undefined, undefined]);
  });

  test("a bundle that identity would refuse is an object, and no bundle", () => {
    const { trustRoots, bundle: loaded } = facts({ bundle: `${bundle(root)}\n` });
    assert.equal(trustRoots?.present, true);
    assert.equal(loaded, undefined);
  });

  test("without a bundle nothing is said of the issuer's chain", () => {
    const { issuer } = facts({ bundle: undefined });
    assert.equal(issuer?.certificate.fingerprint, healthyIssuer.fingerprint);
    assert.deepEqual([issuer?.byIdentity, issuer?.byProxies], [undefined, undefined]);
  });

  test("without a trust domain nothing is said of the mesh's names", () => {
    assert.equal(facts({ mesh: [], config: unseen }).issuer?.byProxiesNamed, undefined);
    assert.equal(facts({ mesh: [] }).issuer?.byProxiesNamed?.ok, true);
  });

  test("an expired issuer is asked about at its last moment, a future one at its first", () => {
    for (const dates of [{ notAfter: after(-day) }, { notBefore: after(day) }]) {
      const { byIdentity, byProxies } = facts({ issuer: issuer(root, dates) }).issuer ?? {};
      assert.deepEqual([byIdentity?.ok, byProxies?.ok], [true, true]);
    }
  });
});

describe("the issuer's Secret", () => {
  const kubernetes = issuerSecret(healthyIssuer, "kubernetes.io/tls");
  const other = issuer(root, { name: "other" });
  const both = { ...kubernetes, data: { ...kubernetes.data, ...issuerSecret(other, "linkerd.io/tls").data } };
  const read = (state: Parameters<typeof facts>[0]) => facts(state).issuer?.certificate.fingerprint;
  const installed = (scheme: string) => linkerdConfig({ identity: { issuer: { scheme } } });

  test("of two layouts the installed one is read", () => {
    const read2 = (scheme: string) => read({ issuer: both, mesh: [], config: installed(scheme) });
    assert.equal(read2("kubernetes.io/tls"), healthyIssuer.fingerprint);
    assert.equal(read2("linkerd.io/tls"), other.fingerprint);
  });

  test("where nothing is installed, the one that is there is read", () => {
    assert.equal(read({ issuer: kubernetes, mesh: [], config: unseen }), healthyIssuer.fingerprint);
    const linkerds = issuerSecret(other, "linkerd.io/tls");
    assert.equal(read({ issuer: linkerds, mesh: [], config: unseen }), other.fingerprint);
  });

  test("the first certificate is the issuer, the others go with it", () => {
    const middle = issuer(root, { name: "middle", basicConstraints: { ca: true } });
    const low = issuer(middle);
    const { certificate, intermediates } = facts({ issuer: [low, middle] }).issuer ?? {};
    assert.equal(certificate?.fingerprint, low.fingerprint);
    assert.deepEqual(fingerprints(intermediates), [middle.fingerprint]);
  });

  test("the keys that hold something are listed, sorted", () => {
    const { keys } = openIssuerSecret({ data: { "tls.key": "", "tls.crt": "Cg==", "ca.crt": "Cg==" } });
    assert.deepEqual(keys, ["ca.crt", "tls.crt"]);
  });

  test("a Secret without data holds nothing", () => {
    assert.deepEqual(openIssuerSecret({}), { present: true, keys: [], readings: {} });
  });
});

describe("when a bundle was last written", () => {
  const entry = (time: Date, keys: readonly string[]) => metadata("x", keys, time).managedFields;
  const changed = (meta: ObjectMeta, keys = ["ca-bundle.crt"]) => dataChangedAt(meta, keys);
  const made = after(-30 * day);

  test("the latest manager that holds the key tells", () => {
    const managedFields = [
      ...entry(after(-3 * day), ["ca-bundle.crt"]),
      ...entry(after(-day), ["ca-bundle.crt"]),
      ...entry(after(-2 * day), ["ca-bundle.crt"]),
    ];
    assert.deepEqual(changed({ creationTimestamp: made, managedFields }), after(-day));
  });

  test("of several keys one is enough", () => {
    const managedFields = [...entry(after(-day), ["tls.crt"]), ...entry(after(-2 * day), ["tls.key"])];
    assert.deepEqual(changed({ managedFields }, ["crt.pem", "tls.crt", "tls.key"]), after(-day));
  });

  test("a manager of other fields does not count: one that lost the key, one of a label", () => {
    const labels = {
      time: after(-hour),
      fieldsV1: { "f:metadata": { "f:labels": { "f:ca-bundle.crt": {} } } },
    };
    const managedFields = [
      ...entry(after(-day), ["ca-bundle.crt"]),
      ...entry(after(-hour), ["other"]),
      labels,
    ];
    assert.deepEqual(changed({ creationTimestamp: made, managedFields }), after(-day));
  });

  test("where no manager tells, nothing is said: an old object may have been written a moment ago", () => {
    assert.equal(dataChangedAt(undefined, ["ca-bundle.crt"]), undefined);
    assert.equal(changed({ creationTimestamp: made.toISOString() }), undefined);
    assert.equal(changed({ creationTimestamp: made, managedFields: [] }), undefined);
    const managedFields = entry(after(-day), ["other"]);
    assert.equal(changed({ creationTimestamp: made, managedFields }), undefined);
  });

  test("odd fields are passed over", () => {
    const odd = [undefined, null, "f:data", { "f:data": null }, { "f:data": "f:ca-bundle.crt" }];
    const managedFields = odd.map((fieldsV1) => ({ time: after(0), fieldsV1 }));
    assert.equal(changed({ creationTimestamp: made, managedFields }), undefined);
  });

  test("client-go gives dates, and JSON gives texts", () => {
    const [first] = entry(after(-day), ["ca-bundle.crt"]);
    const managedFields = [{ ...first, time: after(-day) }];
    assert.deepEqual(changed({ managedFields }), after(-day));
  });
});

describe("linkerd-config", () => {
  const config = (values: string | undefined) =>
    openInstallConfig({ data: values === undefined ? {} : { values } });

  test("the chart's values as YAML", () => {
    const indented = bundle(root).trimEnd().replaceAll("\n", "\n  ");
    const { anchors, trustDomain, scheme } = config(
      `clusterDomain: cluster.local\nidentityTrustDomain: example.org\nidentityTrustAnchorsPEM: |-\n  ${indented}\nidentity:\n  externalCA: false\n  issuer:\n    scheme: linkerd.io/tls\n`,
    );
    assert.deepEqual(fingerprints(anchors?.anchors), [root.fingerprint]);
    assert.deepEqual([trustDomain, scheme], ["example.org", "linkerd.io/tls"]);
  });

  test("an empty trust domain is the cluster's", () => {
    assert.equal(config('clusterDomain: a.b\nidentityTrustDomain: ""').trustDomain, "a.b");
  });

  test("anchors from outside are not linkerd-config's", () => {
    const values = { identityTrustAnchorsPEM: bundle(root), identity: { externalCA: true } };
    assert.equal(openInstallConfig(linkerdConfig(values)).anchors, undefined);
  });

  for (const [title, values] of Object.entries({
    "no values": undefined,
    "an empty text": "",
    "no mapping": "- a\n- b",
    "a number": "42",
    "broken YAML": "a: [b\n\tc",
    "a bomb of aliases": `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [*a${i ? i - 1 : ""},*a${i ? i - 1 : ""}]`).join("\n")}`,
    "values of other kinds":
      "identity: 3\nidentityTrustAnchorsPEM: [a]\nidentityTrustDomain: {}\nclusterDomain: null",
    "a scheme of the future": "identity: {issuer: {scheme: example.org/tls}}",
  })) {
    test(`${title} says nothing`, () => assert.deepEqual(config(values), {}));
  }
});
