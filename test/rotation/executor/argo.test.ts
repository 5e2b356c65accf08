import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorkloadObject } from "../../../cluster/rotation/objects.ts";
import { downtimeOf } from "../../../cluster/rotation/workloads/downtime.ts";
import { obstacleOf } from "../../../cluster/rotation/workloads/obstacle.ts";
import type { MeshedPod } from "../../../cluster/rotation/workloads/pods.ts";
import { type RollContext, rollState } from "../../../cluster/rotation/workloads/roll-state.ts";
import { seenWorkload } from "../../../cluster/rotation/workloads/workloads.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const asked = { restartAt: "2026-01-01T00:00:50Z" };
const told = { restartedAt: "2026-01-01T00:00:50Z" };
const context: RollContext = { now: at(60), patienceMs: 60_000, met: true };

interface Parts {
  readonly spec?: WorkloadObject["spec"];
  readonly status?: WorkloadObject["status"];
}

function rollout({ spec, status }: Parts): WorkloadObject {
  return {
    metadata: {
      ...{ name: "web", namespace: "shop", resourceVersion: "7", generation: 2 },
      // The write came a second after the time that it gave.
      managedFields: [
        {
          manager: "linkerd-certs",
          time: "2026-01-01T00:00:51Z",
          fieldsV1: { "f:spec": { "f:restartAt": {} } },
        },
      ],
    },
    spec: { replicas: 2, ...spec },
    status: {
      ...{ observedGeneration: "2", phase: "Healthy", replicas: 2, readyReplicas: 2, availableReplicas: 2 },
      ...status,
    },
  };
}

const pod = (createdAt: Date, more: Partial<MeshedPod> = {}): MeshedPod => ({
  ...{ workload: "shop/rollout/web", namespace: "shop", name: "web-1", createdAt, graceMs: 30_000 },
  ...{ leaving: false, ready: true, proxy: { namespace: "shop", workload: "rollout/web" } },
  ...more,
});

function stateOf(parts: Parts, pods = [pod(at(55))], more: Partial<RollContext> = {}) {
  const seen = seenWorkload("Rollout", rollout(parts), "linkerd", (text) => text);
  return rollState(seen, pods, { ...context, ...more });
}

describe("an Argo Rollout is", () => {
  test("rolling until its controller says that it has restarted", () => {
    assert.equal(stateOf({ spec: asked }).state, "rolling");
    assert.equal(stateOf({ spec: asked, status: { restartedAt: "2026-01-01T00:00:10Z" } }).state, "rolling");
    assert.equal(stateOf({ spec: asked, status: told }).state, "done");
  });

  test("done where it was asked in another zone's time", () =>
    assert.equal(stateOf({ spec: { restartAt: "2026-01-01T02:00:50+02:00" }, status: told }).state, "done"));

  test("rolling while the last old pod is on its way out, for it counts as available still", () => {
    const leaving = (endsBy: Date) => pod(at(10), { leaving: true, endsBy });
    assert.equal(stateOf({ spec: asked, status: told }, [pod(at(55)), leaving(at(70))]).state, "rolling");
    // Its node may be gone: that is told otherwise, and stops no others.
    assert.equal(stateOf({ spec: asked, status: told }, [pod(at(55)), leaving(at(40))]).state, "done");
  });

  test("done when a pod is of the very second that it was asked for, as its controller counts", () => {
    assert.equal(stateOf({ spec: asked, status: told }, [pod(at(50))]).state, "done");
    assert.equal(stateOf({ spec: asked, status: told }, [pod(at(49))]).state, "rolling");
  });

  test("not waited for where somebody has planned a restart", () =>
    assert.equal(stateOf({ spec: { restartAt: "2026-01-02T00:00:00Z" } }).state, "done"));

  test("done in the middle of an update, and after one was aborted, while its pods are available", () => {
    const states = [
      { phase: "Paused", message: "CanaryPauseStep" },
      { phase: "Progressing", message: "more replicas need to be updated" },
      { phase: "Degraded", abort: true, message: "RolloutAborted: Rollout aborted update to revision 2" },
    ].map((status) => [
      stateOf({ status }).state,
      stateOf({ status: { ...status, availableReplicas: 1 } }).state,
    ]);
    assert.deepEqual(states, Array(3).fill(["done", "rolling"]));
  });

  test("given up where its own controller has, with its words", () => {
    const message = "InvalidSpec: The Rollout is invalid";
    const { state, trouble } = stateOf({ status: { phase: "Degraded", message } });
    assert.deepEqual([state, trouble], ["failed", message]);
  });

  test("given up when none of its old pods goes, and it is told what may forbid it", () => {
    const { state, trouble } = stateOf({ spec: asked }, [pod(at(10))], { now: at(200), unwellSince: at(60) });
    assert.equal(state, "failed");
    assert.match(trouble ?? "", /PodDisruptionBudget/);
  });

  test("restarted though it is paused: that holds an update, not a restart", () =>
    assert.equal(obstacleOf("Rollout", rollout({ spec: { paused: true } })), undefined));
});

describe("a Rollout that is down while it restarts", () => {
  const down = (spec: WorkloadObject["spec"]) => downtimeOf("Rollout", rollout({ spec }));

  test("has one pod, for an eviction surges nowhere, or may lose all at once", () => {
    assert.match(
      down({ replicas: 1, strategy: { canary: { maxSurge: 1, maxUnavailable: 0 } } }) ?? "",
      /one pod/,
    );
    assert.match(
      down({ replicas: 2, strategy: { blueGreen: { maxUnavailable: "100%" } } }) ?? "",
      /all of its 2/,
    );
  });

  test("is none that keeps a pod, or has none", () => {
    assert.equal(down({ replicas: 2, strategy: { canary: {} } }), undefined);
    assert.equal(down({ replicas: 3, strategy: { blueGreen: { maxUnavailable: 2 } } }), undefined);
    assert.equal(down({ replicas: 0, strategy: { canary: {} } }), undefined);
  });
});
