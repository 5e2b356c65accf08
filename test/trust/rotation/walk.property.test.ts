// A mesh that lives while it is rotated. The planner sees what an observer sees, and remembers nothing; the
// model knows who trusts whom. Nobody is ever refused, and it always ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import { acts, harmless } from "./model/acts.ts";
import { type Kind, type Start, world } from "./model/cluster.ts";
import { namesOf, trusts } from "./model/pki.ts";
import { identities, lasting } from "./model/time.ts";
import { running } from "./model/trouble.ts";
import { finish, follow, goalOf, type Planned, type Walk } from "./model/walk.ts";

const kinds: readonly Kind[] = ["deploy", "deploy", "recreate", "on-delete", "bare-pod", "job"];
const starts: fc.Arbitrary<Start> = fc.record({
  seed: fc.nat(),
  clusters: fc.constantFrom(1, 1, 2, 3),
  identities: fc.constantFrom(1, 1, 2, 3),
  injectors: fc.constantFrom(1, 2),
  works: fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      replicas: fc.constantFrom(1, 2, 3),
      paused: fc.constant(false),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});
const goals: fc.Arbitrary<AnchorGoal> = fc
  .record({
    incoming: fc.constantFrom("next" as const, "next" as const, "next" as const, "again" as const),
    leaves: fc.constantFrom("restart" as const, "restart" as const, "wait" as const),
    lazy: fc.boolean(),
  })
  .map(({ incoming, ...more }) => goalOf(incoming, more));

/** What must hold as a step is taken, whoever else is at work. */
function sound(walk: Walk, { cluster }: Planned, step: Step): void {
  const everybody = running(walk.world);
  if (step.kind === "write-issuer") {
    const [incoming = "next"] = namesOf(walk.goal.incoming);
    for (const { who, pod } of everybody)
      assert.ok(trusts(pod.names, incoming), `${who} would refuse the new leaves`);
    for (const { pods, role } of cluster.works)
      if (role === "proxy-injector")
        for (const { file, readySince } of pods)
          if (readySince !== undefined) assert.ok(trusts(file ?? [], incoming), "the injector lags");
  }
  if (step.kind === "write-bundle" && step.drops.length > 0) {
    const kept = namesOf(step.anchors);
    for (const { who, pod } of everybody)
      if (pod.leaf) assert.ok(trusts(kept, pod.leaf.of), `${who} has an old leaf`);
    for (const { signs } of identities(cluster))
      if (signs) assert.ok(trusts(kept, signs.of), "identity signs by it");
    assert.ok(cluster.secret && trusts(kept, cluster.secret.issuer.of));
  }
}

/** A workload is restarted because of what its pods hold, when it is at rest, and once in a stage. */
function sparing(walk: Walk, { cluster, plan }: Planned, step: Step, restarts: Map<string, number>): void {
  if (step.kind !== "restart-workload") return;
  const work = cluster.works.find(({ id }) => id === step.workload);
  assert.ok(work && !work.broken, `${step.workload} is restarted while it fails`);
  const pods = lasting(work);
  assert.ok(
    pods.every((pod) => pod.generation === work.generation && pod.readySince !== undefined),
    "it is rolling",
  );
  const [incoming = "next"] = namesOf(walk.goal.incoming);
  const stale = pods.some(({ names }) =>
    plan.stage === "overlapping" ? !trusts(names, incoming) : trusts(names, "old"),
  );
  assert.ok(stale, `${step.workload} is not stale in ${plan.stage}`);
  const key = `${cluster.name}/${work.id} ${plan.stage}`;
  restarts.set(key, (restarts.get(key) ?? 0) + 1);
}

test("whatever happens around it, nobody is ever refused, nothing is restarted in vain, and it ends", () => {
  const ended = { done: 0, steps: 0 };
  fc.assert(
    fc.property(starts, goals, acts(harmless, fc.constant(true)), (start, goal, story) => {
      const restarts = new Map<string, number>();
      const walk: Walk = {
        world: world(start),
        goal,
        before: (planned, step) => {
          ended.steps++;
          sound(walk, planned, step);
          sparing(walk, planned, step, restarts);
        },
      };
      follow(walk, story);
      const blocked = finish(walk);
      assert.deepEqual(walk.world.troubles, []);
      assert.deepEqual(blocked, []);
      ended.done++;
      const forgetful = story.filter(({ kind }) => kind === "lose-evidence").length;
      for (const [key, times] of restarts) assert.ok(times <= 1 + forgetful, `${key}: ${times} restarts`);
      const [incoming] = namesOf(goal.incoming);
      for (const { bundle, secret } of walk.world.clusters)
        assert.ok(bundle.join() === incoming && secret && trusts(bundle, secret.issuer.of));
    }),
    { numRuns: Number(process.env["WALKS"] ?? 1000) },
  );
  console.log(ended);
});
