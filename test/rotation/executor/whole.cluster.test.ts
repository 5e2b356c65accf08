import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anchorGoal, execute } from "../executing.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";
import { assertRenewed, restarts } from "../rotating.ts";

describe("a rotation, executed", () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({ workloads: 4 });
  });
  after(() => mesh?.stop());

  test("goes from one anchor to another, without a failed handshake", async () => {
    const to = authority("new");
    const { ended } = await execute({
      clusters: { east: mesh.cp },
      goal: anchorGoal(mesh.old, to),
      issuer: to.issuer,
    });
    const end = await ended;
    assert.deepEqual([end.outcome, end.missing], ["done", []]);
    await assertRenewed(mesh, to);
    // For the new anchor, for the new leaf, without the old anchor.
    assert.deepEqual([...new Set((await restarts(mesh.cp)).values())], [3]);
  });
});
