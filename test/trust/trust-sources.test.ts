import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { labelSelectorOf } from "../../trust/owners/selector.ts";
import {
  isWhole,
  secretNamed,
  takesKey,
  trustNamespaceIn,
  trustSourcesOf,
} from "../../trust/owners/trust-sources.ts";

describe("what trust-manager makes a bundle of", () => {
  it("is in a Bundle's sources", () => {
    const sources = [
      { secret: { name: "anchor", key: "tls.crt" } },
      { configMap: { selector: { matchLabels: { trust: "mesh" } }, includeAllKeys: true } },
      { inLine: "PEM" },
      { useDefaultCAs: true },
      { useDefaultCAs: false },
    ];
    assert.deepEqual(trustSourcesOf({ spec: { sources } }), [
      { kind: "Secret", name: "anchor", key: "tls.crt" },
      { kind: "ConfigMap", selector: { labels: { trust: "mesh" }, expressions: [] }, key: "*" },
      { kind: "text", text: "PEM" },
      { kind: "default CAs" },
    ]);
  });

  it("is in a ClusterBundle's references, its text and its provider", () => {
    const spec = {
      sourceRefs: [
        { kind: "Secret", name: "anchor", key: "tls.crt" },
        { kind: "ConfigMap", name: "more", key: "*.pem" },
      ],
      inLineCAs: "PEM",
      defaultCAs: { provider: "System" },
    };
    assert.deepEqual(trustSourcesOf({ spec }), [
      { kind: "Secret", name: "anchor", key: "tls.crt" },
      { kind: "ConfigMap", name: "more", key: "*.pem" },
      { kind: "text", text: "PEM" },
      { kind: "default CAs" },
    ]);
  });

  it("is each part of a source, and whole where it says what it takes of which object", () => {
    const sources = [
      { secret: { name: "anchor" }, configMap: { key: "a.pem" }, inLine: "", useDefaultCAs: true },
      { secret: { selector: {}, key: "tls.crt" } },
    ];
    const found = trustSourcesOf({ spec: { sources } });
    assert.deepEqual(
      found.map((one) => [one.kind, isWhole(one)]),
      [
        ["Secret", false],
        ["ConfigMap", false],
        ["default CAs", true],
        ["Secret", true],
      ],
    );
    assert.deepEqual(found.map(secretNamed), ["anchor", undefined, undefined, undefined]);
  });

  it("is nothing where the shape is no Bundle's", () => {
    for (const junk of [undefined, null, 5, "x", [], { spec: 5 }, { spec: { sources: [null, 5, {}] } }])
      assert.deepEqual(trustSourcesOf(junk), []);
  });

  it("takes the key that is named, or those that a star stands for, and never a key of TLS", () => {
    const takes = (key: string, one: string) => takesKey({ kind: "Secret", name: "x", key }, one);
    assert.ok(takes("tls.crt", "tls.crt") && !takes("tls.crt", "tlsxcrt"));
    assert.ok(takes("*", "a") && takes("*.pem", "a.pem") && !takes("*.pem", "a.crt"));
    assert.ok(!takes("*", "tls.key"));
  });

  it("is chosen by labels as a list request takes them", () => {
    const expressions = [
      { key: "a", operator: "In", values: ["1", "2"] },
      { key: "b", operator: "NotIn", values: ["3"] },
      { key: "c", operator: "Exists", values: [] },
      { key: "d", operator: "DoesNotExist", values: [] },
    ];
    assert.equal(
      labelSelectorOf({ labels: { trust: "mesh" }, expressions }),
      "trust=mesh,a in (1,2),b notin (3),c,!d",
    );
    assert.equal(labelSelectorOf({ labels: {}, expressions: [] }), "");
  });
});

describe("trust-manager's trust namespace", () => {
  const deployment = (...containers: object[]) => ({
    metadata: { namespace: "managers" },
    spec: { template: { spec: { containers } } },
  });

  it("is the argument of its Deployment, in one word or in two", () => {
    assert.equal(trustNamespaceIn(deployment({ args: ["--log-level=1", "--trust-namespace=pki"] })), "pki");
    assert.equal(
      trustNamespaceIn(deployment({ command: ["trust-manager", "--trust-namespace", "pki"] })),
      "pki",
    );
  });

  it("is the Deployment's own where it says $(POD_NAMESPACE), in one word or in two", () => {
    for (const args of [["--trust-namespace=$(POD_NAMESPACE)"], ["--trust-namespace", "$(POD_NAMESPACE)"]])
      assert.equal(trustNamespaceIn(deployment({ args })), "managers");
  });

  it("is the last that is said, by one dash or two, of whichever container says it", () => {
    const args = ["--trust-namespace=first", "-trust-namespace", "second", "-trust-namespace=pki", "-v=1"];
    assert.equal(trustNamespaceIn(deployment({ args: ["--v=2"] }, {}, { args })), "pki");
    const command = ["trust-manager", "--trust-namespace=image"];
    assert.equal(trustNamespaceIn(deployment({ command, args: ["--trust-namespace", "pki"] })), "pki");
  });

  it("is not known where the flag has no value", () => {
    for (const args of [["--trust-namespace"], ["--trust-namespace="], ["--trust-namespace", 5]])
      assert.equal(trustNamespaceIn(deployment({ args })), undefined);
  });

  it("is not known from another Deployment", () => {
    assert.equal(trustNamespaceIn(deployment({ args: ["--trust-namespaces=pki"] })), undefined);
    for (const junk of [undefined, null, {}, deployment({ args: "--trust-namespace=pki" })])
      assert.equal(trustNamespaceIn(junk), undefined);
  });
});
