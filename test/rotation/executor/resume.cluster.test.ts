import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Evidence } from "../../../cluster/rotation/observe/live-issuer.ts";
import { anchorGoal, execute } from "../executing.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";
import { assertRenewed, restarts } from "../rotating.ts";

describe("a rotation that is interrupted", () => {
  let mesh: Mesh;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: 3 });
  });
  afterEach(() => mesh?.stop());

  for (const [when, kind] of [
    ["as each step begins", "step-begun"],
    ["after each step", "step-done"],
  ] as const)
    test(`${when} goes on where the cluster stands, and restarts nobody twice`, async (t) => {
      const to = authority("new");
      // As the journal keeps it.
      const evidence: Evidence[] = [];
      const run = () =>
        execute({
          clusters: { east: mesh.cp },
          goal: anchorGoal(mesh.old, to),
          issuer: to.issuer,
          member: { evidence: [...evidence] },
          onHappening: (happening, { interrupt }) => {
            if (happening.kind === "proven") evidence.push(happening);
            // What the injector gives is proven anew by each run.
            if (happening.kind === kind && happening.step.kind !== "prove-injector") interrupt();
          },
        });
      let runs = 0;
      for (let outcome = "interrupted"; outcome === "interrupted"; runs++) {
        assert.ok(runs < 80, "it does not come to an end");
        const { outcome: how, missing } = await (await run()).ended;
        outcome = how;
        assert.ok(outcome === "interrupted" || outcome === "done", `${outcome}: ${missing.join("\n")}`);
      }
      t.diagnostic(`${runs} runs`);
      assert.ok(runs > 5);
      await assertRenewed(mesh, to);
      const counts = await restarts(mesh.cp);
      assert.deepEqual(
        [...counts].filter(([, count]) => count !== 3),
        [],
      );
    });
});
