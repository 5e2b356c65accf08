import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Block } from "../../../trust/rotation/plan.ts";
import { mustApi } from "../../cluster/api.ts";
import { eventually } from "../../cluster/eventually.ts";
import { create } from "../../cluster/linkerd.ts";
import { objectPath } from "../../cluster/paths.ts";
import { rolledOut } from "../../cluster/rollout.ts";
import { anchorGoal, type Execution, execute } from "../executing.ts";
import { authority, deployment, type Mesh, startMesh } from "../mesh.ts";
import { assertRenewed } from "../rotating.ts";

const namespace = "shop-0";
const kinds = { Deployment: "deploy", StatefulSet: "sts", DaemonSet: "ds" } as const;

describe("what only a person can restart", () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({ workloads: 1 });
    const { cp } = mesh;
    const workload = (kind: keyof typeof kinds, name: string, more: object = {}) => {
      const { spec, ...rest } = deployment({ name, namespace }, 2);
      const { replicas, ...shared } = spec;
      const own =
        kind === "DaemonSet"
          ? shared
          : { ...shared, replicas, ...(kind === "StatefulSet" ? { serviceName: name } : {}) };
      return { ...rest, kind, spec: { ...own, ...more } };
    };
    await create(cp, workload("Deployment", "paused"));
    await create(
      cp,
      workload("StatefulSet", "partitioned", { updateStrategy: { rollingUpdate: { partition: 2 } } }),
    );
    await create(cp, workload("DaemonSet", "by-hand", { updateStrategy: { type: "OnDelete" } }));
    await create(cp, workload("StatefulSet", "plain"));
    const { metadata, spec } = deployment({ name: "lonely", namespace }, 1).spec.template as never as {
      metadata: object;
      spec: object;
    };
    await create(cp, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, name: "lonely", namespace },
      ...{ spec },
    } as never);
    await rolledOut(cp, { kind: "StatefulSet", name: "plain", namespace });
    await rolledOut(cp, { kind: "StatefulSet", name: "partitioned", namespace });
    await rolledOut(cp, { kind: "DaemonSet", name: "by-hand", namespace });
    await rolledOut(cp, { kind: "Deployment", name: "paused", namespace });
    await mustApi(cp.api, "PATCH", objectPath("Deployment", namespace, "paused"), { spec: { paused: true } });
  });
  after(() => mesh?.stop());

  const to = authority("new");
  const asked = (execution: Execution): readonly Block[] => {
    const last = execution.happenings.findLast((one) => one.kind === "blocked");
    return last?.kind === "blocked" ? last.blocks : [];
  };

  test("is listed with what to do, while all else is restarted", async () => {
    const execution = await execute({
      clusters: { east: mesh.cp },
      goal: anchorGoal(mesh.old, to),
      issuer: to.issuer,
    });
    const { outcome, missing } = await execution.ended;
    assert.equal(outcome, "blocked", missing.join("\n"));
    const found = Object.fromEntries(asked(execution).map(({ workload, remedy }) => [workload, remedy]));
    assert.deepEqual(found, {
      [`${namespace}/deploy/paused`]: `Resume it: kubectl rollout resume deploy/paused -n ${namespace}.`,
      [`${namespace}/ds/by-hand`]: `Delete its pods, one after the other: kubectl delete pod -n ${namespace} -l app=by-hand.`,
      [`${namespace}/pod/lonely`]: `Nobody makes it anew: kubectl delete pod/lonely -n ${namespace}, then create it again from its manifest.`,
      [`${namespace}/sts/partitioned`]: `Set its partition to 0: kubectl patch sts/partitioned -n ${namespace} --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'.`,
    });
  });

  test("and when a person has done it, who waits goes on to the end", async () => {
    const { cp } = mesh;
    const execution = await execute({
      clusters: { east: cp },
      goal: anchorGoal(mesh.old, to, { lazy: true }),
      issuer: to.issuer,
      loop: { wait: true },
    });
    const remove = (...pods: readonly string[]) =>
      cp.kubectl(["delete", "pod", "-n", namespace, "--wait=false", ...pods]);
    await eventually("they are asked for", () => asked(execution).length === 4);
    await mustApi(cp.api, "PATCH", objectPath("Deployment", namespace, "paused"), {
      spec: { paused: false },
    });
    await mustApi(cp.api, "PATCH", objectPath("StatefulSet", namespace, "partitioned"), {
      spec: { updateStrategy: { rollingUpdate: { partition: 0 } } },
    });
    await remove("lonely");
    await remove("-l", "app=by-hand");
    // And once more for a leaf of the new issuer.
    await eventually("the issuer is written", () =>
      execution.happenings.some((one) => one.kind === "stage" && one.stage === "reissued"),
    );
    await eventually("it is asked for", () =>
      asked(execution).some(({ workload }) => workload?.endsWith("ds/by-hand")),
    );
    await remove("-l", "app=by-hand");
    const { outcome, missing } = await execution.ended;
    assert.deepEqual([outcome, missing], ["done", []]);
    const { handshakes } = await mesh.standIn.report();
    assert.deepEqual(handshakes.failures, []);
  });
});

describe("a workload that does not come back", () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({ workloads: 3, replicas: 2, perNamespace: 1 });
  });
  after(() => mesh?.stop());

  test("stops its wave, is named with what its events say, and lets it go on once it is mended", async () => {
    const { cp } = mesh;
    const to = authority("new");
    // No room for the pod that a roll-out begins with.
    await mustApi(cp.api, "POST", "/api/v1/namespaces/shop-0/resourcequotas", {
      metadata: { name: "tight" },
      spec: { hard: { pods: "2" } },
    });
    await eventually("the quota is counted", async () => {
      const path = "/api/v1/namespaces/shop-0/resourcequotas/tight";
      const { status } = await mustApi<{ status?: { used?: { pods?: string } } }>(cp.api, "GET", path);
      return status?.used?.pods === "2";
    });
    const execution = await execute({
      clusters: { east: cp },
      goal: anchorGoal(mesh.old, to),
      issuer: to.issuer,
      loop: { wait: true, maxParallel: 1, namespaceOrder: ["shop-1", "shop-0"] },
      member: { patienceMs: 15_000 },
    });
    const block = await eventually("it is blocked", () => {
      const last = execution.happenings.findLast((one) => one.kind === "blocked");
      return last?.kind === "blocked" ? last.blocks[0] : undefined;
    });
    assert.match(
      block.what,
      /^shop-0\/deploy\/app-0 does not come up: FailedCreate: .*exceeded quota: tight/,
    );
    const states = new Map(
      execution.happenings.flatMap((one) => (one.kind === "workload" ? [[one.workload, one.state]] : [])),
    );
    assert.deepEqual(
      ["shop-1/deploy/app-1", "shop-0/deploy/app-0", "shop-2/deploy/app-2"].map((id) => states.get(id)),
      ["fresh", "failed", "stale"],
    );
    await mustApi(cp.api, "DELETE", "/api/v1/namespaces/shop-0/resourcequotas/tight");
    const { outcome, missing } = await execution.ended;
    assert.deepEqual([outcome, missing], ["done", []]);
    await assertRenewed(mesh, to);
  });
});
