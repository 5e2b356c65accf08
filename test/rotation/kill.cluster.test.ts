// A rotation may be killed at any moment and begun again: it always finishes, and nobody notices.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { skip } from "../cluster/skip.ts";
import { thorough } from "./effort.ts";
import { killedAtRandom, killedEverywhere } from "./kills.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, incoming, restarts, rotating } from "./rotating.ts";

/** Once to trust both, once for a leaf of the new issuer, once to forget the old anchor. */
const passes = 3;

describe("a rotation that is killed", { skip }, () => {
  let mesh: Mesh;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: thorough ? 5 : 2, replicas: 2 });
    await mesh.standIn.reset();
  });
  afterEach(() => mesh.stop());

  const steps = thorough ? ["step-begun", "step-done", "stage", "proven"] : ["step-begun"];
  test(`at ${thorough ? "everything that it tells" : "each of its steps"} goes on to its end, and restarts nobody twice`, async (t) => {
    const to = incoming(mesh.cp);
    const { at, last } = await killedEverywhere(() => rotating(mesh, to), steps);
    assertDone(last);
    t.diagnostic(`killed ${at.length} times:\n${at.join("\n")}`);
    assert.ok(at.length > 15, `only ${at.length} kills: ${at.join("; ")}`);
    await assertRenewed(mesh, to.authority);
    for (const [workload, count] of await restarts(mesh.cp)) {
      if (!workload.startsWith("linkerd/"))
        assert.equal(count, passes, `${workload} was restarted ${count} times`);
      else assert.ok(count <= passes, `${workload} was restarted ${count} times`);
    }
  });

  test("at moments drawn by lot does so too", async (t) => {
    const to = incoming(mesh.cp);
    const most = thorough ? 40 : 6;
    const { kills, last } = await killedAtRandom(
      () => rotating(mesh, to),
      (run) => (run < most ? 400 + Math.random() * 4000 : undefined),
    );
    assertDone(last);
    t.diagnostic(`killed ${kills} times`);
    await assertRenewed(mesh, to.authority);
    for (const [workload, count] of await restarts(mesh.cp))
      assert.ok(count <= passes, `${workload} was restarted ${count} times`);
  });
});
