// The issuer alone: skipped and taken back, gone and written again, and in two layouts at once.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { base64 } from "../../base64.ts";
import { mustApi } from "../../cluster/api.ts";
import { eventually } from "../../cluster/eventually.ts";
import type { Secret } from "../../cluster/objects.ts";
import { objectPath } from "../../cluster/paths.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../../plugin/world.ts";
import { identityEvents } from "../by-hand.ts";
import { issuerOf, type Mesh, startMesh } from "../mesh.ts";

const secretPath = objectPath("Secret", "linkerd", "linkerd-identity-issuer");
const keptPath = objectPath("Secret", "linkerd", "linkerd-certs-previous-issuer");

describe("the issuer alone", { skip }, () => {
  let mesh: Mesh;
  let desk: ReturnType<typeof testWorld>;
  const ofOld = ["--ca", "old.crt", "--ca-key", "old.key"];

  before(async () => {
    mesh = await startMesh({ workloads: 1, replicas: 1 });
    desk = testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date() });
    writeFileSync(desk.path("old.crt"), mesh.old.anchor.pem);
    writeFileSync(desk.path("old.key"), mesh.old.anchor.keyPem, { mode: 0o600 });
  });
  after(() => mesh?.stop());

  async function run(...words: string[]) {
    const { code, stdout, stderr } = await desk.run("rotate", ...words);
    return { code, text: stdout + stderr };
  }
  async function must(...words: string[]) {
    const { code, text } = await run(...words);
    assert.equal(code, 0, text);
    return text;
  }
  const secret = async () => (await mustApi<Secret>(mesh.cp.api, "GET", secretPath)).data;
  const issuerThere = async () => Buffer.from((await secret())?.["crt.pem"] ?? "", "base64").toString();

  /** `rotate issuer`, and identity's word that it does not take what was written. */
  async function skipped() {
    const before = await secret();
    const running = run("issuer", ...ofOld, "--yes");
    await eventually("the write", async () => (await secret())?.["crt.pem"] !== before?.["crt.pem"]);
    const at = new Date().toISOString().replace(/\.\d+Z/, "Z");
    await mustApi(mesh.cp.api, "POST", "/api/v1/namespaces/linkerd/events", {
      metadata: { generateName: "linkerd-identity.", namespace: "linkerd" },
      involvedObject: { kind: "Deployment", namespace: "linkerd", name: "linkerd-identity" },
      ...{ type: "Warning", reason: "IssuerUpdateSkipped", message: "Skipping issuer update", count: 1 },
      ...{ firstTimestamp: at, lastTimestamp: at },
    });
    const { code, text } = await running;
    assert.equal(code, 3, text);
    return text;
  }

  test("one that identity skips is taken back with the words that are hinted at", async () => {
    await mesh.standIn.set({ issuerDelayMs: 3000 });
    assert.match(await skipped(), /did not take issuer [\s\S]*go back to the one before: rotate rollback/);
    await eventually("identity to read it after all", async () => (await identityEvents(mesh.cp)).length > 1);
    await must("rollback", "--yes");
    assert.equal((await issuerThere()).trim(), mesh.old.issuer.pem.trim());
    const history = await must("history");
    assert.match(history, /reversed/);
    assert.match(history, /done .* issuer, instead of \(\w{8}\), takes \S+ back/);
    assert.equal((await mesh.cp.api("GET", keptPath)).status, 404);
    const again = await run("rollback", "--yes");
    assert.equal(again.code, 4, again.text);
    assert.match(again.text, /has taken .* back already/);
  });

  test("where nothing is kept the hint does not name the way back, and it is refused before it is recorded", async () => {
    await mesh.standIn.set({ issuerDelayMs: 10_000 });
    await skipped();
    await mustApi(mesh.cp.api, "DELETE", keptPath);
    const { text } = await run("issuer", ...ofOld, "--yes");
    assert.match(text, /did not take issuer/);
    assert.doesNotMatch(text, /rollback/);
    const before = await must("history");
    const back = await run("rollback", "--yes");
    assert.equal(back.code, 1, back.text);
    assert.match(back.text, /does not keep the issuer that \S+ replaced/);
    assert.equal(await must("history"), before);
    // What identity said in one second is not told from what it says to a write of the same second.
    await sleep(1100);
    assert.doesNotMatch(await must("rollback", ...ofOld, "--yes"), /or go back/);
  });

  test("is written where its Secret is gone, or cannot be read", async () => {
    await mesh.standIn.set({ issuerDelayMs: 500 });
    await mustApi(mesh.cp.api, "DELETE", secretPath);
    await must("issuer", ...ofOld, "--yes");
    assert.match(await must("history"), /done .* issuer, instead of none/);
    await mustApi(mesh.cp.api, "PATCH", secretPath, { data: { "crt.pem": "bm9uc2Vuc2U=" } });
    await eventually("identity's word on it", async () =>
      (await identityEvents(mesh.cp)).some(({ message }) => message.includes("not a PEM certificate")),
    );
    await sleep(1100);
    await must("issuer", ...ofOld, "--yes");
    assert.match(await issuerThere(), /BEGIN CERTIFICATE/);
  });
});

describe("an issuer's Secret that holds both layouts", { skip }, () => {
  test("what is replaced is what identity reads", async () => {
    const mesh = await startMesh({ workloads: 1, replicas: 1, install: { scheme: "kubernetes.io/tls" } });
    try {
      const desk = testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date() });
      writeFileSync(desk.path("old.crt"), mesh.old.anchor.pem);
      writeFileSync(desk.path("old.key"), mesh.old.anchor.keyPem);
      const other = issuerOf(mesh.old.anchor);
      const data = { "crt.pem": base64(other.pem), "key.pem": base64(other.keyPem) };
      await mustApi(mesh.cp.api, "PATCH", secretPath, { data });
      const words = ["--ca", "old.crt", "--ca-key", "old.key", "--yes"];
      const { code, stderr } = await desk.run("rotate", "issuer", ...words);
      assert.equal(code, 0, stderr);
      const { stdout } = await desk.run("rotate", "history");
      assert.match(stdout, new RegExp(`instead of \\(${mesh.old.issuer.fingerprint.slice(0, 8)}\\)`));
      const after = (await mustApi<Secret>(mesh.cp.api, "GET", secretPath)).data;
      assert.notEqual(after?.["tls.crt"], base64(mesh.old.issuer.pem.trim()));
      assert.equal(after?.["crt.pem"], data["crt.pem"]);
    } finally {
      await mesh.stop();
    }
  });
});
