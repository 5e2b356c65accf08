// Everything has expired: there is downtime already, and the command ends it. Only here may handshakes fail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anchor, issuer } from "../certificates/index.ts";
import { findBinaries } from "../cluster/binaries.ts";
import { skip } from "../cluster/skip.ts";
import { build } from "../oracles/toolchain.ts";
import { begin } from "./command.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, incoming } from "./rotating.ts";

describe("a mesh whose anchor and issuer have expired", {
  skip,
}, () => {
  let mesh: Mesh;
  before(async () => {
    // What was never built on this machine takes longer to build than the anchor lives.
    await Promise.all([findBinaries(), build("identity")]);
    const times = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 90_000) };
    const root = anchor("old", times);
    const old = { anchor: root, issuer: issuer(root, times) };
    mesh = await startMesh({ workloads: 2, old, install: { issuanceLifetime: "1h0m0s" } });
    await mesh.standIn.until("broken handshakes", ({ handshakes: { failed } }) => failed > 5, 150_000);
  });
  after(() => mesh.stop());

  test("rotate anchor says that this is no case for it", async () => {
    const to = incoming(mesh.cp);
    const words = ["rotate", "anchor", ...to.words, "--yes", "--timeout", "10s"];
    const ended = await begin(words, { kubeconfig: mesh.cp.kubeconfig, dir: mesh.cp.dir }).ended;
    assert.notEqual(ended.code, 0);
    assert.match(JSON.stringify(ended.told) + ended.stderr, /recover expired/);
  });

  test("recover expired replaces both, restarts all, and says how long each step took", async () => {
    const to = incoming(mesh.cp);
    const words = ["recover", "expired", ...to.words, "--yes", "--timeout", "60s"];
    const ended = await begin(words, { kubeconfig: mesh.cp.kubeconfig, dir: mesh.cp.dir }).ended;
    assertDone(ended);
    const short = to.authority.anchor.fingerprint.slice(0, 8);
    await mesh.standIn.until("the last old pod is gone", ({ clusters }) =>
      (clusters["here"]?.kinds ?? []).every(({ trusts }) => trusts.every((name) => name.includes(short))),
    );
    await mesh.standIn.reset();
    await mesh.standIn.until("handshakes", ({ handshakes: { tried } }) => tried > 30);
    await assertRenewed(mesh, to.authority);
    const done = ended.told.filter(({ type }) => type === "step-done");
    assert.ok(done.length > 5 && done.every((line) => typeof (line as { ms?: unknown }).ms === "number"));
  });
});
