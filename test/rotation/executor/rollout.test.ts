import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorkloadKind } from "../../../cluster/rotation/kinds.ts";
import type { WorkloadObject } from "../../../cluster/rotation/objects.ts";
import { obstacleOf } from "../../../cluster/rotation/workloads/obstacle.ts";
import type { MeshedPod } from "../../../cluster/rotation/workloads/pods.ts";
import { brokenBefore, type RollContext, rollState } from "../../../cluster/rotation/workloads/roll-state.ts";
import { rolloutOf } from "../../../cluster/rotation/workloads/rollout.ts";
import { seenWorkload } from "../../../cluster/rotation/workloads/workloads.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

type Parts = Omit<Partial<WorkloadObject>, "metadata"> & { readonly generation?: number };

function workload({ generation = 2, spec = {}, status = {} }: Parts): WorkloadObject {
  return {
    metadata: { name: "web", namespace: "shop", resourceVersion: "7", generation },
    spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, ...spec },
    status: { observedGeneration: 2, ...status },
  };
}

const whole = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

describe("a roll-out is", () => {
  const cases: readonly [string, WorkloadKind, Parts, string][] = [
    ["done when all pods are new and available", "Deployment", { status: whole }, "done"],
    ["rolling before its controller has seen it", "Deployment", { generation: 3, status: whole }, "rolling"],
    ["rolling while old pods are left", "Deployment", { status: { ...whole, replicas: 4 } }, "rolling"],
    [
      "rolling while new pods are missing",
      "Deployment",
      { status: { ...whole, updatedReplicas: 2 } },
      "rolling",
    ],
    [
      "unavailable when all are new and one is not up",
      "Deployment",
      { status: { ...whole, availableReplicas: 2 } },
      "unavailable",
    ],
    [
      "stuck when its deadline has passed",
      "Deployment",
      {
        status: {
          ...whole,
          updatedReplicas: 1,
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
        },
      },
      "stuck",
    ],
    ["done for a Deployment of none", "Deployment", { spec: { replicas: 0 } }, "done"],
    [
      "rolling between a StatefulSet's revisions",
      "StatefulSet",
      { status: { ...whole, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" } },
      "rolling",
    ],
    [
      "done for a whole StatefulSet",
      "StatefulSet",
      { status: { ...whole, currentRevision: "b", updateRevision: "b" } },
      "done",
    ],
    [
      "rolling while a node has an old pod of a DaemonSet",
      "DaemonSet",
      { status: { desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 3 } },
      "rolling",
    ],
    [
      "done when every node has a new pod of a DaemonSet",
      "DaemonSet",
      { status: { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 } },
      "done",
    ],
  ];
  for (const [title, kind, parts, state] of cases)
    test(title, () => assert.equal(rolloutOf(kind, workload(parts)).state, state));
});

describe("a restart makes no pods anew", () => {
  const cases: readonly [string, WorkloadKind, WorkloadObject["spec"], RegExp][] = [
    [
      "while a Deployment is paused",
      "Deployment",
      { paused: true },
      /^Resume it: kubectl rollout resume deploy\/web -n shop\.$/,
    ],
    [
      "where pods are replaced as they are deleted",
      "DaemonSet",
      { updateStrategy: { type: "OnDelete" } },
      /kubectl delete pod -n shop -l app=web\.$/,
    ],
    [
      "above a partition",
      "StatefulSet",
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
      /^Set its partition to 0: kubectl patch sts\/web/,
    ],
    [
      "with another bundle where the template carries the proxy",
      "Deployment",
      { template: { spec: { initContainers: [{ name: "linkerd-proxy" }] } } },
      /linkerd inject --manual/,
    ],
  ];
  for (const [title, kind, spec, remedy] of cases)
    test(title, () => assert.match(obstacleOf(kind, workload({ spec }))?.remedy ?? "", remedy));
  test("is not said of one that is sound", () =>
    assert.equal(obstacleOf("Deployment", workload({})), undefined));
});

describe("what is seen of a roll-out", () => {
  const context: RollContext = { now: at(100), patienceMs: 60_000, met: true, unwellSince: at(50) };
  const marked = { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "then" } } } };
  const seen = (parts: Parts = {}) =>
    seenWorkload("Deployment", workload({ status: whole, ...parts }), "linkerd", (text) => text);
  const pod = (more: Partial<MeshedPod> = {}): MeshedPod => ({
    ...{ workload: "shop/deploy/web", namespace: "shop", name: "web-1", createdAt: at(0), graceMs: 30_000 },
    ...{ leaving: false, ready: true, proxy: { namespace: "shop", workload: "deploy/web" } },
    ...more,
  });

  test("is never ahead of our own restart, which the watch may not have told yet", () => {
    assert.equal(rollState(seen(), [pod()], { ...context, expected: 3 }).state, "rolling");
    assert.equal(rollState(seen(), [pod()], { ...context, expected: 2 }).state, "done");
  });

  test("is not done while a pod of before the restart is there, whatever its controller says", () => {
    const young = { createdAt: at(90) };
    assert.equal(rollState(seen({ spec: marked }), [pod(young)], context).state, "rolling");
    assert.equal(
      rollState(seen({ spec: marked }), [pod({ ...young, restartMark: "then" })], context).state,
      "done",
    );
    const leaving = pod({ ...young, leaving: true });
    assert.equal(
      rollState(seen({ spec: marked }), [leaving, pod({ ...young, restartMark: "then" })], context).state,
      "done",
    );
  });

  test("is given up after a while without progress, with what its pods say", () => {
    const down = seen({ status: { ...whole, availableReplicas: 1 } });
    const crashing = pod({ trouble: "CrashLoopBackOff", ready: false });
    assert.deepEqual(
      [rollState(down, [crashing], context), rollState(down, [crashing], { ...context, now: at(50) })].map(
        ({ state, trouble }) => `${state}: ${trouble}`,
      ),
      ["failed: CrashLoopBackOff", "rolling: CrashLoopBackOff"],
    );
  });

  test("has not failed when it was well a moment ago, however old its pods are", () => {
    const down = seen({ status: { ...whole, availableReplicas: 1 } });
    assert.equal(rollState(down, [pod()], { ...context, unwellSince: undefined }).state, "rolling");
    assert.equal(rollState(down, [pod()], { ...context, unwellSince: at(90) }).state, "rolling");
    assert.equal(rollState(down, [pod({ ready: false, unreadySince: at(80) })], context).state, "rolling");
    assert.equal(rollState(down, [pod()], context).state, "failed");
  });

  test("has failed when pods come back without a proxy", () => {
    const { state, trouble } = rollState(seen(), [], context);
    assert.equal(`${state}: ${trouble}`, "failed: its pods came back without a proxy; is the injector up?");
    assert.equal(rollState(seen(), [], { ...context, unwellSince: at(90) }).state, "rolling");
    assert.equal(rollState(seen(), [], { ...context, met: false }).state, "done");
  });

  test("is no reason to stop others where it was broken before the bundle changed", () => {
    const failed = { state: "failed", desired: 1, ready: 0, trouble: "CrashLoopBackOff" } as const;
    assert.equal(brokenBefore(failed, at(5))?.kind, "broken");
    assert.equal(brokenBefore({ ...failed, restartedAt: at(4) }, at(5))?.kind, "broken");
    assert.equal(brokenBefore({ ...failed, restartedAt: at(6) }, at(5)), undefined);
  });
});
