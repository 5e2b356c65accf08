import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { type ArgoRollouts, argoRolloutsAvailable, startArgoRollouts } from "../cluster/argo-rollouts.ts";
import { eventually } from "../cluster/eventually.ts";
import { collectionPath, objectPath } from "../cluster/paths.ts";
import { anchorGoal, execute } from "./executing.ts";
import { type Authority, authority, type Mesh, startMesh } from "./mesh.ts";
import {
  addReferring,
  addRollout,
  fewestReady,
  namespace,
  patchRollout,
  release,
  rolloutIs,
  rolloutNamed,
} from "./rollouts.ts";
import { assertDone, assertRenewed, assertUnbroken, incoming, rotating } from "./rotating.ts";

const skip = argoRolloutsAvailable() === "missing-go" && "needs Go to build Argo Rollouts";
const steps = [{ setWeight: 34 }, { setWeight: 67 }];
const stopping = [{ setWeight: 34 }, { pause: {} }];

describe("Argo Rollouts, with their own controller", { skip }, () => {
  let mesh: Mesh;
  let argo: ArgoRollouts;
  let now: Authority;
  before(async () => {
    mesh = await startMesh({ workloads: 1 });
    const { cp } = mesh;
    argo = await startArgoRollouts(cp);
    await addRollout(cp, "canary", { canary: { steps } });
    await addRollout(cp, "green", { blueGreen: { activeService: "green" } });
    await addRollout(cp, "midway", { canary: { steps: stopping } });
    await addRollout(cp, "aborted", { canary: { steps: stopping } });
    await addRollout(cp, "halted", { canary: { steps } });
    await addRollout(cp, "budgeted", { canary: { steps, maxUnavailable: 3 } });
    await addReferring(cp, "referring", { canary: { steps } });
    for (const name of ["midway", "aborted"]) {
      await release(cp, name);
      await rolloutIs(cp, name, ({ status }) => status.phase === "Paused");
    }
    const status = `${objectPath("Rollout", namespace, "aborted")}/status`;
    await mustApi(cp.api, "PATCH", status, { status: { abort: true } });
    await rolloutIs(
      cp,
      "aborted",
      ({ status }) => status.phase === "Degraded" && status.availableReplicas === 3,
    );
    await patchRollout(cp, "halted", { spec: { paused: true } });
    await rolloutIs(cp, "halted", ({ status }) => status.phase === "Paused");
    await budget("budgeted", { minAvailable: 2 });
    await mesh.standIn.reset();
  });
  after(async () => {
    await argo?.stop();
    await mesh?.stop();
  });

  test("are restarted as their own plugin does it, once a stage: updates stay where they are, and no handshake fails", async () => {
    const names = ["canary", "green", "midway", "aborted", "halted", "budgeted", "referring"];
    const before = await Promise.all(names.map(told));
    const lowest = fewestReady(mesh.cp, "budgeted");
    const to = incoming(mesh.cp);
    assertDone(await rotating(mesh, to).ended);
    now = to.authority;
    await assertRenewed(mesh, now);
    // All at once, says its maxUnavailable; its PodDisruptionBudget has the last word, for pods are evicted.
    assert.equal(await lowest(), 2);
    const after = names.map((name) =>
      rolloutIs(mesh.cp, name, ({ status }) => status.availableReplicas === 3).then(() => told(name)),
    );
    assert.deepEqual(
      await Promise.all(after),
      before.map((one) => ({ ...one, generation: one.generation + 3 })),
    );
  });

  test("are named where a PodDisruptionBudget lets none of their pods go, and go on when it does", async () => {
    const { cp } = mesh;
    await budget("canary", { maxUnavailable: 0 });
    const to = authority("third");
    const execution = await execute({
      clusters: { east: cp },
      goal: anchorGoal(now, to, { lazy: true }),
      issuer: to.issuer,
      loop: { wait: true },
      member: { patienceMs: 15_000 },
    });
    const block = await eventually("it is blocked", () =>
      execution.happenings
        .flatMap((one) => (one.kind === "blocked" ? one.blocks : []))
        .find(({ workload }) => workload === "shop-0/rollout/canary"),
    );
    assert.equal(
      block.what,
      "shop-0/rollout/canary does not come up: its old pods are not evicted; does a PodDisruptionBudget forbid it?",
    );
    await mustApi(cp.api, "DELETE", objectPath("PodDisruptionBudget", namespace, "canary"));
    const { outcome, missing } = await execution.ended;
    assert.deepEqual([outcome, missing], ["done", []]);
    await assertUnbroken(mesh.standIn);
  });

  /** What a restart must leave alone, and the generation. */
  async function told(name: string) {
    const { metadata, status } = await rolloutNamed(mesh.cp, name);
    const { phase, currentStepIndex, currentPodHash, stableRS } = status;
    return { generation: metadata.generation, phase, currentStepIndex, currentPodHash, stableRS };
  }

  async function budget(name: string, spec: object): Promise<void> {
    await mustApi(mesh.cp.api, "POST", collectionPath("PodDisruptionBudget", namespace), {
      metadata: { name },
      spec: { ...spec, selector: { matchLabels: { app: name } } },
    });
  }
});
