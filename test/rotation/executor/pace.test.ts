// What may begin beside what rolls already, and what counts as going forward.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { headway } from "../../../plugin/rotate/loop/headway.ts";
import { keyOf, pick } from "../../../plugin/rotate/loop/pick.ts";
import type { Happening } from "../../../plugin/rotate/progress.ts";
import type { Plan, Step } from "../../../trust/rotation/plan.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";
import type { RotationView, Workload } from "../../../trust/rotation/view.ts";
import { issuers } from "../../trust/rotation/model/pki.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const restart = (workload: string): Step => ({ kind: "restart-workload", workload, why: "stale" });

describe("of the places to restart side by side", () => {
  const rolling = (id: string, restartedAt?: Date): Workload => ({
    ...{ id, namespace: "shop", restartable: true, proxies: [] },
    rollout: { state: "rolling", desired: 1, ready: 0, ...(restartedAt && { restartedAt }) },
  });
  function free(
    workloads: readonly Workload[],
    begun: readonly string[] = [],
    underWay: string[] = [],
  ): number {
    const steps = Array.from({ length: 20 }, (_, n) => restart(`shop/deploy/next-${n}`));
    const plan: Plan = {
      ...{ stage: "overlapping", done: false, steps, waits: [], blocks: [], evidence: [] },
      progress: { done: 0, of: 20 },
    };
    const view: RotationView = {
      ...{ now: at(60), controlPlane: [], workloads, leafLifetimeMs: 1 },
      bundle: { anchors: [], changedAt: at(30) },
      issuer: { certificate: issuers.old[0].certificate, intermediates: [], changedAt: at(10) },
      ways: { bundle: { by: "us" }, issuer: { by: "us" } },
    };
    const isOurs = (step: Step) => begun.includes(keyOf(step));
    const pace = { maxParallel: 10, namespaceOrder: [] };
    return pick(plan, view, { underWay: new Set(underWay), isOurs }, pace).length;
  }

  test("none is taken by what rolls for reasons of its own", () => {
    const sick = Array.from({ length: 10 }, (_, n) => rolling(`shop/deploy/sick-${n}`));
    assert.equal(free(sick), 10);
  });

  test("none is taken by what was restarted before the last change of bundle or issuer", () => {
    assert.equal(free([rolling("shop/deploy/a", at(5)), rolling("shop/deploy/b", at(20))]), 10);
  });

  test("one is taken by each that was restarted since, whoever did it", () => {
    assert.equal(free([rolling("shop/deploy/a", at(31)), rolling("shop/deploy/b", at(40))]), 8);
  });

  test("one is taken by each that this run has begun, seen rolling or not yet", () => {
    const key = keyOf(restart("shop/deploy/a"));
    assert.equal(free([rolling("shop/deploy/a")], [key]), 9);
    assert.equal(free([], [key], [key]), 9);
  });
});

describe("as going forward", () => {
  const said = { at: at(0), cluster: "east" };
  const looked = (done: number, stage: Stage = "overlapping"): Happening => ({
    ...{ kind: "looked", ...said, stage, progress: { done, of: 9 } },
    ...{ workloads: 9, proxies: 9, toRestart: 0 },
  });
  const stage = (name: Stage): Happening => ({ kind: "stage", ...said, stage: name, evidence: [] });
  const did = (step: Step): Happening => ({ kind: "step-done", ...said, id: 1, step, ms: 1, sentence: "" });
  const counts = (...happenings: Happening[]) => happenings.map(headway());

  test("counts more work done than ever in a stage, and not what goes to and fro", () => {
    assert.deepEqual(counts(looked(3), looked(2), looked(3), looked(4)), [true, false, false, true]);
  });

  test("counts a stage once, in each cluster", () => {
    const west = { ...stage("overlapped"), cluster: "west" } as Happening; // of the same kind
    assert.deepEqual(counts(stage("overlapped"), stage("overlapping"), stage("overlapped"), west), [
      true,
      true,
      false,
      true,
    ]);
  });

  test("counts every step that is done, and what comes after a write anew", () => {
    const write = did({ kind: "write-bundle", anchors: [], adds: [], drops: [], why: "" });
    const again = did(restart("shop/deploy/a"));
    assert.deepEqual(counts(looked(3), again, looked(3), write, looked(3), again), [
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  test("does not count a workload that is otherwise, a step that failed, nor a cluster that is heard again", () => {
    const workload = { workload: "shop/deploy/a", namespace: "shop", ready: 1, desired: 1 };
    const failed = { id: 1, step: restart("shop/deploy/a"), ms: 1, message: "no", hint: "", again: true };
    assert.deepEqual(
      counts(
        { kind: "workload", ...said, state: "rolling", ...workload },
        { kind: "step-failed", ...said, ...failed },
        { kind: "seen", ...said },
      ),
      [false, false, false],
    );
  });
});
