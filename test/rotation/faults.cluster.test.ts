// The ground shakes while the mesh rotates: nobody's handshake fails for it, and the command goes on.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { skip } from "../cluster/skip.ts";
import { guardIn } from "../guard/guarded.ts";
import type { Told } from "./command.ts";
import { thorough } from "./effort.ts";
import { startMeddler } from "./meddler.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, type Incoming, incoming, rotating } from "./rotating.ts";

describe("faults", { skip }, () => {
  let mesh: Mesh;
  let to: Incoming;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: 3, replicas: 2 });
    to = incoming(mesh.cp);
    await mesh.standIn.reset();
  });
  afterEach(() => mesh.stop());

  test("the API server is killed and comes back after five seconds", async () => {
    const working = rotating(mesh, to, ["--max-parallel", "1"]);
    await working.tells("a restart", begunRestart);
    await mesh.cp.apiserver.stop();
    await sleep(5_000);
    await mesh.cp.apiserver.start();
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  test("the API server is slow, refuses one request in six, and cuts watches off", async (t) => {
    const meddler = await startMeddler(mesh.cp);
    t.after(meddler.stop);
    meddler.set({ delayMs: 150, refusedShare: 0.16, watchMs: 20_000 });
    assertDone(await rotating(mesh, to, [], meddler.kubeconfig).ended);
    t.diagnostic(`${meddler.refused} of ${meddler.total} requests refused`);
    assert.ok(meddler.refused > 5);
    await assertRenewed(mesh, to.authority);
  });

  test("the connection to the API server is gone for ten seconds", { skip: !thorough }, async (t) => {
    const meddler = await startMeddler(mesh.cp);
    t.after(meddler.stop);
    const working = rotating(mesh, to, ["--max-parallel", "1"], meddler.kubeconfig);
    await working.tells("a restart", begunRestart);
    await meddler.away(10_000);
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  test("the guard is in force all the while, refuses nothing, and may be away for a time", async (t) => {
    const guard = await guardIn(mesh.cp);
    t.after(() => guard.end());
    assertDone(await rotating(mesh, to, ["--pause-after", "overlapped"]).ended);
    await guard.end();
    const working = rotating(mesh, to);
    await sleep(4_000);
    const again = await guardIn(mesh.cp);
    t.after(() => again.end());
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  test("a node is lost with all its pods", async () => {
    const working = rotating(mesh, to, ["--max-parallel", "1"]);
    await working.tells("a restart", begunRestart);
    await mesh.cp.kubectl(["taint", "node", "node-1", "lost=yes:NoExecute"]);
    await mesh.cp.kubectl(["delete", "node", "node-1"]);
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  test("the injector answers nobody for a while: nothing is restarted without a proxy", async () => {
    const working = rotating(mesh, to, ["--max-parallel", "1"]);
    await working.tells("the control plane", ({ step }) => step?.component === "proxy-injector");
    await mesh.standIn.set({ injectorDown: true });
    await sleep(4_000);
    const { clusters } = await mesh.standIn.report();
    assert.equal(clusters["here"]?.uninjected, 0);
    await mesh.standIn.set({ injectorDown: false });
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  // The command gives identity two minutes before it restarts it.
  test("identity misses the update of its issuer: it is restarted", { skip: !thorough }, async () => {
    assertDone(await rotating(mesh, to, ["--pause-after", "overlapped"]).ended);
    await mesh.standIn.set({ missedIssuerUpdates: 1 });
    assertDone(await rotating(mesh, to, ["--timeout", "200s"]).ended);
    await assertRenewed(mesh, to.authority);
  });
});

const begunRestart = ({ type, step }: Told) => type === "step-begun" && step?.kind === "restart-workload";
