// What trust-manager makes the trust bundle of, wherever it stands.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assess } from "../../../plugin/survey/assess.ts";
import { survey } from "../../../plugin/survey/survey.ts";
import { base64 } from "../../base64.ts";
import { anchor, bundle, issuer, now } from "../../certificates/index.ts";
import { forbidden, installed, type Objects, readOnly } from "../read-only.ts";

const [root, next] = [anchor("root"), anchor("next")];
const signed = issuer(root);
const install = { bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } };

const oldPath = "/apis/trust.cert-manager.io/v1alpha1/bundles/linkerd-identity-trust-roots";
const newPath = "/apis/trust-manager.io/v1alpha2/clusterbundles/linkerd-identity-trust-roots";
const secret = { data: { "tls.crt": base64(root.pem), "tls.key": base64(root.keyPem) } };
const sourced = { spec: { sources: [{ secret: { name: "anchor", key: "tls.crt" } }] } };
const deployment = (namespace: string) => ({
  spec: { template: { spec: { containers: [{ args: [`--trust-namespace=${namespace}`] }] } } },
});

async function look(objects: Objects) {
  const cluster = readOnly({ ...installed(install), ...objects });
  const seen = await survey(cluster, { namespace: "linkerd", clock: () => now });
  const agrees = assess(seen)
    .groups.flatMap(({ checks }) => checks)
    .find(({ id }) => id === "bundle-agrees-with-sources");
  const sources = seen.places.filter(({ role }) => role === "source");
  return {
    asked: cluster.asked,
    agrees,
    renewals: seen.renewals,
    places: sources.map(({ what, state, anchors }) => [what, state, anchors.map(({ name }) => name).join()]),
  };
}

describe("trust-manager's sources", () => {
  test("are read in the namespace that its Deployment names", async () => {
    const { places, agrees, renewals } = await look({
      [oldPath]: sourced,
      "/apis/apps/v1/deployments": [deployment("pki")],
      "/api/v1/namespaces/pki/secrets/anchor": secret,
      "/apis/cert-manager.io/v1/namespaces/pki/certificates": [
        { metadata: { name: "root" }, spec: { secretName: "anchor" }, status: {} },
      ],
    });
    assert.deepEqual(places, [["Secret pki/anchor, tls.crt", "present", "root"]]);
    assert.equal(agrees?.result, "success");
    assert.deepEqual(
      renewals.map(({ what, of }) => [what, of]),
      [["Certificate pki/root", "anchor"]],
    );
  });

  test("are read in cert-manager where no Deployment says otherwise, or it may not be looked at", async () => {
    for (const deployments of [[], forbidden("deployments")]) {
      const { places } = await look({
        [oldPath]: sourced,
        "/apis/apps/v1/deployments": deployments,
        "/api/v1/namespaces/cert-manager/secrets/anchor": secret,
      });
      assert.deepEqual(places, [["Secret cert-manager/anchor, tls.crt", "present", "root"]]);
    }
  });

  test("of a ClusterBundle count, where a Bundle of the old API is there too", async () => {
    const spec = {
      sourceRefs: [{ kind: "ConfigMap", name: "anchors", key: "*.pem" }],
      inLineCAs: next.pem,
    };
    const { places, agrees } = await look({
      [oldPath]: sourced,
      [newPath]: { spec },
      "/api/v1/namespaces/cert-manager/configmaps/anchors": {
        data: { "a.pem": root.pem, "b.txt": next.pem },
      },
    });
    assert.deepEqual(places, [
      ["ConfigMap cert-manager/anchors, *.pem", "present", "root"],
      ["ClusterBundle linkerd-identity-trust-roots, its own text", "present", "next"],
    ]);
    assert.match(agrees?.findings[0]?.message ?? "", /sources hold anchor "next" .* the trust bundle lacks/);
  });

  test("that a selector chooses are each a place", async () => {
    const { places } = await look({
      [oldPath]: {
        spec: { sources: [{ secret: { selector: { matchLabels: { trust: "mesh" } }, key: "tls.crt" } }] },
      },
      "/api/v1/namespaces/cert-manager/secrets": [
        { metadata: { name: "a" }, ...secret },
        { metadata: { name: "b" }, data: { "tls.crt": base64(next.pem) } },
      ],
    });
    assert.deepEqual(places, [
      ["Secret cert-manager/a, tls.crt", "present", "root"],
      ["Secret cert-manager/b, tls.crt", "present", "next"],
    ]);
  });

  test("that cannot be seen are no reason to say that an anchor is in none of them", async () => {
    const publicCas = await look({
      [oldPath]: { spec: { sources: [...sourced.spec.sources, { useDefaultCAs: true }] } },
      "/api/v1/namespaces/cert-manager/secrets/anchor": secret,
    });
    assert.deepEqual(publicCas.places.at(-1), [
      "Bundle linkerd-identity-trust-roots, the public CAs",
      "unreadable",
      "",
    ]);
    assert.equal(publicCas.agrees?.result, "skipped");
    const hidden = await look({
      [oldPath]: { spec: { sources: [{ secret: { selector: {}, key: "*" } }] } },
      "/api/v1/namespaces/cert-manager/secrets": forbidden("secrets"),
    });
    assert.deepEqual(hidden.places, [
      ["Secrets of cert-manager with any label, every key", "unreadable", ""],
    ]);
    assert.equal(hidden.agrees?.result, "skipped");
  });

  test("are not looked for where there is no Bundle", async () => {
    const { asked, places } = await look({});
    assert.deepEqual(places, []);
    assert.ok(!asked.some((path) => path.includes("deployments")), asked.join());
  });
});
