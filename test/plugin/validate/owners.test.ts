import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { judgeOwners, openOwners, ownerRules } from "../../../trust/owners/index.ts";
import type { Source } from "../../../trust/owners/objects.ts";

type Spec = Record<string, unknown>;

const source = (apiVersion: string, kind: string, place: string, object: object): Source => {
  const [namespace, name = ""] = place.includes("/") ? place.split("/") : [undefined, place];
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }), object };
};

const certificate = (place: string, spec: Spec) =>
  source("cert-manager.io/v1", "Certificate", place, { spec });

const anchorSpec = {
  secretName: "linkerd-trust-anchor",
  issuerRef: { name: "root" },
  isCA: true,
  commonName: "root.linkerd.cluster.local",
  duration: "87600h",
  renewBefore: "8760h",
  privateKey: { rotationPolicy: "Never", algorithm: "ECDSA" },
};
const issuerSpec = {
  secretName: "linkerd-identity-issuer",
  issuerRef: { kind: "ClusterIssuer", name: "linkerd-identity-issuer" },
  isCA: true,
  commonName: "identity.linkerd.cluster.local",
  duration: "48h",
  renewBefore: "25h",
  privateKey: { rotationPolicy: "Always", algorithm: "ECDSA" },
};
const secret = (name: string) => ({ secret: { name, key: "tls.crt" } });
const bundleSpec = {
  sources: [secret("linkerd-trust-anchor"), secret("linkerd-previous-anchor")],
  target: {
    configMap: { key: "ca-bundle.crt" },
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "linkerd" } },
  },
};
const signerSpec: Spec = { ca: { secretName: "linkerd-trust-anchor" } };
const namespaceOf = (labels: object) => source("v1", "Namespace", "linkerd", { metadata: { labels } });

interface Setup {
  readonly anchor?: Spec;
  readonly issuer?: Spec;
  readonly signer?: Spec;
  readonly bundle?: Spec;
  readonly more?: readonly Source[];
}

/** Linkerd's documented setup, mended; each part with something otherwise. */
const setup = ({ anchor, issuer, signer = signerSpec, bundle, more = [] }: Setup = {}): Source[] => [
  certificate("cert-manager/linkerd-trust-anchor", { ...anchorSpec, ...anchor }),
  certificate("linkerd/linkerd-identity-issuer", { ...issuerSpec, ...issuer }),
  source("cert-manager.io/v1", "ClusterIssuer", "linkerd-identity-issuer", { spec: signer }),
  source("trust.cert-manager.io/v1alpha1", "Bundle", "linkerd-identity-trust-roots", {
    spec: { ...bundleSpec, ...bundle },
  }),
  ...more,
];

const found = (sources: readonly Source[]) =>
  judgeOwners(openOwners(sources, "linkerd")).map(({ rule, severity }) => `${severity} ${rule.id}`);

const target = (change: object) => ({ target: { ...bundleSpec.target, ...change } });
const selecting = (matchLabels: object) => target({ namespaceSelector: { matchLabels } });
const oneSource = { sources: [secret("linkerd-trust-anchor")] };
const always = { rotationPolicy: "Always", algorithm: "ECDSA" };

const passes: Readonly<Record<string, readonly Source[]>> = {
  "the documented setup, mended": setup(),
  "one source, whose key never changes": setup({ bundle: oneSource }),
  "one source that may be several": setup({
    bundle: { sources: [{ secret: { selector: { matchLabels: { a: "b" } }, key: "tls.crt" } }] },
  }),
  "a label that the Namespace keeps": setup({
    bundle: selecting({ "linkerd.io/is-control-plane": "true" }),
    more: [namespaceOf({ "linkerd.io/is-control-plane": "true" })],
  }),
  "an anchor with an RSA key": setup({
    anchor: { privateKey: { rotationPolicy: "Never", algorithm: "RSA", size: 4096 } },
  }),
  "usages for both sides": setup({
    issuer: { usages: ["cert sign", "crl sign", "server auth", "client auth"] },
  }),
  "Certificates of others": [certificate("shop/web", { secretName: "web-tls" })],
  "another Bundle": [
    source("trust.cert-manager.io/v1alpha1", "Bundle", "public-cas", {
      spec: { sources: [{ useDefaultCAs: true }] },
    }),
  ],
  "no spec at all": [
    certificate("linkerd/x", {}),
    source("trust.cert-manager.io/v1alpha1", "Bundle", "x", {}),
  ],
};

const finds: Readonly<Record<string, readonly [readonly Source[], readonly string[]]>> = {
  "a new key every 60 days (8760h with 7320h)": [
    setup({ anchor: { duration: "8760h0m0s", renewBefore: "7320h0m0s", privateKey: always } }),
    ["deny anchor-certificate-not-on-a-timer"],
  ],
  "a new key every nine years": [
    setup({ anchor: { privateKey: always } }),
    ["warn anchor-certificate-not-on-a-timer"],
  ],
  "a lifetime that is left to cert-manager: 90 days, renewed after 60": [
    setup({ anchor: { duration: undefined, renewBefore: undefined, privateKey: always } }),
    ["deny anchor-certificate-not-on-a-timer"],
  ],
  "one source": [
    setup({ anchor: { privateKey: always }, bundle: oneSource }),
    ["warn anchor-certificate-not-on-a-timer", "deny bundle-source-overlaps"],
  ],
  "one source, of which nothing is known": [
    setup({ bundle: { sources: [secret("linkerd-identity-issuer")] } }),
    ["deny bundle-source-overlaps", "deny issuer-certificate-signed-by-anchor"],
  ],
  "a label that may go away": [
    setup({ bundle: selecting({ "linkerd.io/is-control-plane": "true" }) }),
    ["warn bundle-selector-stays"],
  ],
  "a label that the Namespace lacks": [
    setup({ bundle: selecting({ "linkerd.io/is-control-plane": "true" }), more: [namespaceOf({})] }),
    ["deny bundle-selector-stays"],
  ],
  "another namespace's name": [
    setup({ bundle: selecting({ "kubernetes.io/metadata.name": "mesh" }) }),
    ["deny bundle-selector-stays"],
  ],
  "another key in the target": [
    setup({ bundle: target({ configMap: { key: "ca.crt" } }) }),
    ["deny bundle-target-is-read"],
  ],
  "a Secret as the target": [
    setup({ bundle: target({ configMap: undefined, secret: { key: "ca-bundle.crt" } }) }),
    ["deny bundle-target-is-read"],
  ],
  "public CAs": [
    setup({ bundle: { sources: [...bundleSpec.sources, { useDefaultCAs: true }] } }),
    ["deny bundle-holds-no-default-cas"],
  ],
  "an anchor that is no CA": [setup({ anchor: { isCA: false } }), ["deny certificate-is-ca"]],
  "an issuer that is no CA": [setup({ issuer: { isCA: undefined } }), ["deny certificate-is-ca"]],
  "an issuer with the default algorithm": [
    setup({ issuer: { privateKey: { rotationPolicy: "Always" } } }),
    ["deny certificate-algorithm-supported"],
  ],
  "an issuer on P-384": [
    setup({ issuer: { privateKey: { ...always, size: 384 } } }),
    ["deny certificate-algorithm-supported"],
  ],
  "an anchor with Ed25519": [
    setup({ anchor: { privateKey: { rotationPolicy: "Never", algorithm: "Ed25519" } } }),
    ["deny certificate-algorithm-supported"],
  ],
  "an issuer that signs itself": [
    setup({ signer: { selfSigned: {} } }),
    ["deny issuer-certificate-signed-by-anchor"],
  ],
  "an issuer of a CA that is no source": [
    setup({ signer: { ca: { secretName: "other" } } }),
    ["deny issuer-certificate-signed-by-anchor"],
  ],
  "an issuer that lasts longer than its anchor": [
    setup({ issuer: { duration: "90000h", renewBefore: "200h" } }),
    ["deny anchor-certificate-outlives-issuer"],
  ],
  "an issuer that may last longer than what its anchor has left": [
    setup({ issuer: { duration: "9000h", renewBefore: "200h" } }),
    ["warn anchor-certificate-outlives-issuer"],
  ],
  "an issuer for clients only": [
    setup({ issuer: { usages: ["cert sign", "client auth"] } }),
    ["deny issuer-certificate-usages-allow-mesh"],
  ],
  "a rotationPolicy that is left to cert-manager": [
    setup({ issuer: { privateKey: { algorithm: "ECDSA" } } }),
    ["warn certificate-rotation-policy-set"],
  ],
  "one name for both": [
    setup({ issuer: { commonName: "root.linkerd.cluster.local" } }),
    ["warn issuer-certificate-name-differs"],
  ],
  "an issuer renewed late": [
    setup({ issuer: { renewBefore: undefined } }),
    ["warn issuer-certificate-renews-in-time"],
  ],
};

describe("who makes Linkerd's objects", () => {
  for (const [title, sources] of Object.entries(passes)) {
    it(`passes: ${title}`, () => assert.deepEqual(found(sources), []));
  }
  for (const [title, [sources, expected]] of Object.entries(finds)) {
    it(`finds: ${title}`, () => assert.deepEqual(found(sources), expected));
  }

  it("reads a ClusterBundle of the new kind", () => {
    const spec = {
      sourceRefs: [{ kind: "Secret", name: "linkerd-trust-anchor", key: "tls.crt" }],
      defaultCAs: { provider: "Disabled" },
      target: {
        configMap: { data: [{ key: "ca-bundle.crt" }] },
        namespaceSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
      },
    };
    const bundle = source("trust-manager.io/v1alpha2", "ClusterBundle", "linkerd-identity-trust-roots", {
      spec,
    });
    assert.deepEqual(found([bundle]), ["deny bundle-source-overlaps", "warn bundle-selector-stays"]);
  });

  it("knows the other names that people give them, by their Secrets", () => {
    const sources = [
      certificate("cert-manager/trust-anchor-cert", { ...anchorSpec, secretName: "mesh-root", isCA: false }),
      source("trust.cert-manager.io/v1alpha1", "Bundle", "linkerd-identity-trust-roots", {
        spec: { ...bundleSpec, sources: [secret("mesh-root"), secret("before")] },
      }),
    ];
    assert.deepEqual(found(sources), ["deny certificate-is-ca"]);
  });

  it("every rule is met above, and explained in its README", () => {
    const met = new Set(Object.values(finds).flatMap(([, ids]) => ids.map((one) => one.split(" ")[1])));
    const readme = readFileSync(new URL("../../../trust/owners/README.md", import.meta.url), "utf8");
    for (const { id } of ownerRules) assert.ok(met.has(id) && readme.includes(`\n## ${id}\n`), id);
  });

  it("nothing of any shape makes it throw", () => {
    for (const junk of [null, 5, "x", [], {}, { a: [null] }]) {
      const fields = [
        "privateKey",
        "issuerRef",
        "usages",
        "duration",
        "sources",
        "target",
        "ca",
        "commonName",
      ];
      const spec = Object.fromEntries(fields.map((field) => [field, junk]));
      for (const object of [
        junk,
        { spec: junk },
        { spec },
        { spec: { ...spec, target: { configMap: junk, namespaceSelector: junk } } },
      ]) {
        const all = ["Certificate", "Issuer", "ClusterIssuer"].map((kind) =>
          source("cert-manager.io/v1", kind, "linkerd/x", object as object),
        );
        const bundle = source(
          "trust.cert-manager.io/v1alpha1",
          "Bundle",
          "linkerd-identity-trust-roots",
          object as object,
        );
        found([...all, bundle]);
      }
    }
  });
});
