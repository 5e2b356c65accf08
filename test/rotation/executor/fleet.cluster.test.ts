import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Happening } from "../../../plugin/rotate/progress.ts";
import { type Stage, stages } from "../../../trust/rotation/stage.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { installLinkerd } from "../../cluster/linkerd.ts";
import { anchorGoal, execute } from "../executing.ts";
import { addWorkloads, authority, installation } from "../mesh.ts";
import { assertRenewed, restarts } from "../rotating.ts";
import { type StandIn, startStandIn } from "../standin/start-stand-in.ts";

describe("two clusters that share an anchor, rotated together", () => {
  const old = authority("old");
  let [east, west]: [ControlPlane?, ControlPlane?] = [];
  let standIn: StandIn | undefined;
  before(async () => {
    [east, west] = await Promise.all([startControlPlane(), startControlPlane()]);
    await Promise.all([east, west].map((cp) => installLinkerd(cp, installation(old))));
    standIn = await startStandIn([
      { name: "east", cp: east },
      { name: "west", cp: west },
    ]);
    await addWorkloads(east, { workloads: 2 });
    await addWorkloads(west, { workloads: 3 });
    await standIn.reset();
  });
  after(async () => {
    await standIn?.stop();
    await Promise.all([east?.stop(), west?.stop()]);
  });

  test("neither signs before both trust, neither forgets before both have moved, though one is away for a while", async () => {
    assert.ok(east && west && standIn);
    const to = authority("new");
    const away = west;
    let outage: Promise<void> | undefined;
    const { ended, happenings } = await execute({
      clusters: { east, west },
      goal: anchorGoal(old, to),
      issuer: to.issuer,
      onHappening: (happening) => {
        // In the middle of its restarts.
        if (happening.kind === "workload" && happening.cluster === "west" && happening.state === "rolling")
          outage ??= away.apiserver.stop().then(() => away.apiserver.start());
      },
    });
    const end = await ended;
    await outage;
    assert.deepEqual([end.outcome, end.missing], ["done", []]);
    assert.ok(outage !== undefined);
    await assertRenewed({ cp: east, standIn }, to);
    assertBarrier(happenings, "write-issuer", "overlapped");
    assertBarrier(happenings, "drop", "released");
    for (const cp of [east, west]) {
      for (const [workload, count] of await restarts(cp))
        assert.ok(count === 3 || (count === 4 && mayMissItsWord(workload)), `${workload}: ${count} restarts`);
    }
  });
});

/** Its event is dated to the second: one in the second of the write proves nothing, and a fresh pod has to. */
const mayMissItsWord = (workload: string) => workload.endsWith("linkerd-identity");

/** Before the first of such writes in any cluster, every cluster had come to that stage. */
function assertBarrier(happenings: readonly Happening[], write: "write-issuer" | "drop", stage: Stage): void {
  const at = happenings.findIndex(
    (one) =>
      one.kind === "step-begun" &&
      (one.step.kind === write ||
        (write === "drop" && one.step.kind === "write-bundle" && one.step.drops.length > 0)),
  );
  assert.ok(at > 0, write);
  for (const name of ["east", "west"]) {
    const last = happenings.slice(0, at).findLast((one) => one.kind === "stage" && one.cluster === name);
    assert.ok(
      last?.kind === "stage" && stages.indexOf(last.stage) >= stages.indexOf(stage),
      `${name}, ${write}`,
    );
  }
}
