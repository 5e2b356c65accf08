import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { issuerOf, trustRootsOf } from "../../scenarios/manifests.ts";
import { testWorld } from "../world.ts";
import { first, json, live, next, old, rulesOf, yaml } from "./validated.ts";

describe("validate, a state", () => {
  it("finds nothing in what is sound", async () => {
    const files = { "it.yaml": yaml(trustRootsOf([first]), issuerOf(live)) };
    const { code, findings } = await json(files, "--ignore", "key-not-in-manifest");
    assert.deepEqual([code, findings], [0, []]);
  });

  it("points at the very certificate in the bundle", async () => {
    const text = yaml(trustRootsOf([first, old]));
    const report = await json({ "it.yaml": text });
    const line = text.split("\n").findLastIndex((one) => one.includes("BEGIN")) + 1;
    assert.deepEqual([report.code, rulesOf(report)], [2, [`error anchor-not-expired ${line}`]]);
  });

  it("points at the key in the bundle", async () => {
    const text = yaml(trustRootsOf(`${first.pem}${first.keyPem}`));
    const report = await json({ "it.yaml": text });
    const line = text.split("\n").findIndex((one) => one.includes("PRIVATE")) + 1;
    assert.ok(rulesOf(report).includes(`error bundle-holds-no-key ${line}`));
    assert.ok(!rulesOf(report).some((one) => one.includes("key-not-in-manifest")));
  });

  it("judges bundle and issuer together, and stringData as data", async () => {
    const { data: _, ...secret } = issuerOf(next);
    const text = yaml(trustRootsOf([first]), {
      ...secret,
      stringData: { "crt.pem": next.pem, "key.pem": live.keyPem },
    });
    const report = await json({ "it.yaml": text });
    const rules = new Set(report.findings.map(({ rule }) => rule));
    assert.deepEqual([...rules].sort(), [
      "issuer-chains-to-anchor",
      "issuer-key-matches",
      "key-not-in-manifest",
    ]);
    const keyLine = text.split("\n").findIndex((one) => one.startsWith("  key.pem")) + 1;
    assert.equal(report.findings.find(({ rule }) => rule === "issuer-key-matches")?.line, keyLine);
  });

  it("takes Linkerd's namespace from -L, and leaves other namespaces alone", async () => {
    const files = { "it.yaml": yaml(trustRootsOf("", { namespace: "mesh" })) };
    assert.equal((await json(files)).code, 0);
    assert.equal((await json(files, "-L", "mesh")).code, 2);
  });

  it("says what the API server itself would not take", async () => {
    const manifest = { ...trustRootsOf([first]), data: { "ca-bundle.crt": 5 } };
    assert.deepEqual(rulesOf(await json({ "it.yaml": yaml(manifest) })), ["error api-server-accepts 7"]);
  });

  it("asks as the guard's configuration says", async () => {
    const files = {
      "it.yaml": yaml(trustRootsOf([first, old])),
      "config.yaml": "rules: {anchor-not-expired: warn}\n",
    };
    assert.equal((await json(files, "--guard-config", "config.yaml")).code, 0);
    assert.equal((await json(files, "--guard-config", "config.yaml", "--fail-on", "warning")).code, 2);
  });
});

describe("validate, private keys", () => {
  const object = (kind: string, more: object) => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "x" },
    ...more,
  });
  const pem = first.keyPem;
  const base64 = Buffer.from(pem).toString("base64");
  const places: Readonly<Record<string, object>> = {
    "a Secret's data": object("Secret", { data: { "tls.key": base64 } }),
    "a Secret's stringData": object("Secret", { stringData: { "tls.key": pem } }),
    "a Secret's data, as DER": object("Secret", { data: { k: pem.split("\n").slice(1, -2).join("") } }),
    "any ConfigMap": object("ConfigMap", { data: { "values.yaml": `tls:\n  keyPEM: |\n    ${pem}` } }),
    "a ConfigMap, in base64": object("ConfigMap", { data: { k: base64 } }),
    "the name of an annotation": object("Service", {
      metadata: { name: "x", annotations: { [pem.split("\n").slice(1, -2).join("")]: "" } },
    }),
    "an annotation": object("Service", { metadata: { name: "x", annotations: { backup: base64 } } }),
    "a container's environment": {
      ...object("Pod", { spec: { containers: [{ env: [{ name: "K", value: pem }] }] } }),
    },
  };
  for (const [title, manifest] of Object.entries(places)) {
    it(`finds one in ${title}, and does not show it`, async () => {
      const files = { "it.yaml": yaml(manifest) };
      const report = await json(files);
      assert.deepEqual([report.code, report.findings.map(({ rule }) => rule)], [2, ["key-not-in-manifest"]]);
      assert.doesNotMatch(JSON.stringify(report), /BEGIN|LS0tLS1|MHcC/);
    });
  }

  it("is a warning in a Secret from standard input, and an error in a ConfigMap", async () => {
    const ask = (manifest: object) =>
      testWorld({ stdin: yaml(manifest) }).run("validate", "-f", "-", "-o", "short");
    assert.match((await ask(object("Secret", { data: { k: base64 } }))).stdout, /^‼ stdin:6 /);
    assert.match((await ask(object("ConfigMap", { data: { k: pem } }))).stdout, /^× stdin:\d+ /);
  });

  it("finds none in what SOPS has encrypted", async () => {
    const manifest = object("Secret", {
      data: { k: "ENC[AES256_GCM,data:3q2+7w==,iv:AAAA,tag:BBBB,type:str]" },
      sops: {},
    });
    assert.equal((await json({ "it.yaml": yaml(manifest) })).code, 0);
  });
});
