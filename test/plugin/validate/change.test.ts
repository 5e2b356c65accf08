import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Minted } from "../../certificates/index.ts";
import { issuerOf, trustRootsOf } from "../../scenarios/manifests.ts";
import { testWorld } from "../world.ts";
import { first, json, live, next, old, rulesOf, second, yaml } from "./validated.ts";

describe("validate, a change", () => {
  const before = (...anchors: Minted[]) => yaml(trustRootsOf(anchors), issuerOf(live));
  const against = ["--against", "before.yaml", "--ignore", "key-not-in-manifest"];

  it("refuses only what the change brings", async () => {
    const label = yaml(trustRootsOf([first, old], { labels: { a: "b" } }));
    const report = await json({ "it.yaml": label, "before.yaml": before(first, old) }, ...against);
    assert.deepEqual(report.predictions[0], { ...report.predictions[0], allowed: true, operation: "UPDATE" });
    assert.ok(rulesOf(report).some((one) => one.startsWith("warning anchor-not-expired")));
  });

  it("sees what no state shows: the whole bundle swapped", async () => {
    const files = { "it.yaml": yaml(trustRootsOf([second]), issuerOf(next)), "before.yaml": before(first) };
    assert.ok(!(await json(files)).findings.some(({ rule }) => rule === "bundle-overlaps-previous"));
    const { code, predictions } = await json(files, ...against);
    assert.equal(code, 2);
    assert.ok(predictions[0]?.rules.includes("bundle-overlaps-previous"));
  });

  it("judges each write after the one before it, and names a better order", async () => {
    const files = {
      "it.yaml": yaml(issuerOf(next), trustRootsOf([first, second])),
      "before.yaml": before(first),
    };
    const report = await json(files, ...against);
    assert.deepEqual(
      report.predictions.map(({ allowed }) => allowed),
      [false, true],
    );
    assert.deepEqual(
      report.betterOrder?.map((one) => one.split(" ")[0]),
      ["ConfigMap", "Secret"],
    );
    const turned = { ...files, "it.yaml": yaml(trustRootsOf([first, second]), issuerOf(next)) };
    assert.equal((await json(turned, ...against)).code, 0);
  });

  it("says that what is no longer there will be deleted", async () => {
    const { code, findings, predictions } = await json(
      { "it.yaml": yaml(issuerOf(live)), "before.yaml": before(first) },
      ...against,
    );
    assert.equal(code, 2);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error").map(({ rule, file }) => [rule, file]),
      [["trust-not-deleted", "before.yaml"]],
    );
    assert.deepEqual(
      predictions.map(({ operation }) => operation),
      ["none", "DELETE"],
    );
  });

  it("honours the object's own annotation, and says so", async () => {
    const annotations = { "linkerd-certs.io/allow": "bundle-overlaps-previous" };
    const files = {
      "it.yaml": yaml(trustRootsOf([second], { annotations })),
      "before.yaml": yaml(trustRootsOf([first])),
    };
    const { code, findings } = await json(files, ...against);
    assert.equal(code, 0);
    assert.match(JSON.stringify(findings), /let pass by its annotation/);
  });

  it("knows what the API server does not let change", async () => {
    const secret = { ...issuerOf(live), type: "kubernetes.io/tls", data: { "tls.crt": "", "tls.key": "" } };
    const { predictions } = await json({ "it.yaml": yaml(secret), "before.yaml": before(first) }, ...against);
    assert.deepEqual(predictions[0], { ...predictions[0], allowed: false, by: "API server" });
  });

  it("fails where there is no such state", async () => {
    const { code, stderr } = await testWorld({ files: { "it.yaml": before(first) } }).run(
      "validate",
      "-f",
      "it.yaml",
      ...against,
    );
    assert.equal(code, 1);
    assert.match(stderr, /^linkerd-certs: error: before.yaml: there is no such file\nlinkerd-certs: hint: /);
  });

  it("fetches no address, and says what does", async () => {
    const { code, stderr } = await testWorld().run("validate", "-f", "https://example.com/it.yaml");
    assert.equal(code, 1);
    assert.match(stderr, /it\.yaml: addresses are not fetched, only files read\n.* hint: .*curl -fsSL/);
  });
});
