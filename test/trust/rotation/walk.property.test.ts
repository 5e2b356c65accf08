// A mesh that lives while it is rotated. The planner sees what an observer sees, and remembers nothing; the
// model knows who trusts whom. Nobody is ever refused, and it always ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import { acts, harmless, meddling, storyOf } from "./model/acts.ts";
import { type Kind, type Start, world } from "./model/cluster.ts";
import { namesOf, trusts } from "./model/pki.ts";
import { identities, lasting } from "./model/time.ts";
import { hazards, running, troublesIn } from "./model/trouble.ts";
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

const runs = Number(process.env["WALKS"] ?? 250);

test("whatever happens around it, nobody is ever refused, nothing is restarted in vain, and it ends", () => {
  fc.assert(
    fc.property(starts, goals, acts(harmless, fc.constant(true)), (start, goal, story) => {
      const restarts = new Map<string, number>();
      const walk: Walk = {
        world: world(start),
        goal,
        before: (planned, step) => {
          sound(walk, planned, step);
          sparing(walk, planned, step, restarts);
        },
      };
      follow(walk, story);
      assert.deepEqual(finish(walk), [], "nothing blocks it");
      assert.deepEqual(walk.world.troubles, []);
      const forgetful = story.filter(({ kind }) => kind === "lose-evidence").length;
      for (const [key, times] of restarts) assert.ok(times <= 1 + forgetful, `${key}: ${times} restarts`);
      const [incoming] = namesOf(goal.incoming);
      for (const { bundle, secret } of walk.world.clusters)
        assert.ok(bundle.join() === incoming && secret && trusts(bundle, secret.issuer.of));
    }),
    { numRuns: runs },
  );
});

const strange = acts([...harmless, ...meddling, ...meddling], fc.constant(true));

// A guard knows its own cluster alone: what a person issues there before another cluster is ready, it lets pass.
// And where no workload is meshed, nothing is lost to it with the Secret.
const guardedMesh = ({ works, ...start }: Start): Start => ({
  ...start,
  clusters: 1,
  works: [{ kind: "deploy", replicas: 1, paused: false }, ...works],
});

test("behind the guard nobody is ever refused, whoever else writes", () => {
  fc.assert(
    fc.property(starts, goals, strange, (start, goal, story) => {
      const walk: Walk = {
        world: world(guardedMesh(start)),
        goal,
        before: (planned, step) => sound(walk, planned, step),
      };
      follow(walk, story);
      finish(walk);
      assert.deepEqual(walk.world.troubles.slice(0, 3), [], storyOf(story));
    }),
    { numRuns: runs },
  );
});

test("without a guard a step never adds to who is refused, and it ends or says what blocks it", () => {
  const ends = new Map<string, number>();
  const bare = acts([...harmless, ...meddling, ...meddling], fc.boolean());
  fc.assert(
    fc.property(starts, goals, bare, (start, goal, story) => {
      const walk: Walk = {
        world: world(start),
        goal,
        before: ({ cluster }, step) => {
          const before = hazards(walk.world);
          const [incoming = "next"] = namesOf(goal.incoming);
          const after = hazards(walk.world, { cluster, step, incoming });
          const added = [...after].filter((one) => !before.has(one) && !isOwn(one, step));
          assert.deepEqual(added, [], `${step.kind} adds to it; ${storyOf(story)} of ${start.seed}`);
        },
      };
      follow(walk, story);
      const blocked = finish(walk).map(wordless);
      for (const one of blocked.length === 0 ? ["done"] : blocked) ends.set(one, (ends.get(one) ?? 0) + 1);
      // Leaves of a stranger's issuer go in their own time.
      const left = troublesIn(walk.world).filter((one) => !one.endsWith("of third"));
      if (blocked.length === 0) assert.deepEqual(left, [], "all is well in the end");
    }),
    { numRuns: runs },
  );
  // Where every walk ends the same way, nothing has been asked.
  assert.ok((ends.get("done") ?? 0) > runs / 4 && ends.size > 2, [...ends].join("; "));
});

// An identity that did not know the issuer in the Secret goes when the new one begins to sign with it. And where
// strangers have dropped the old anchor and put its issuer back, nobody can tell which Linkerd pods have read what.
const isOwn = (hazard: string, step: Step): boolean =>
  step.kind === "restart-component" && step.component === "identity" && hazard.includes("/linkerd-");

/** A message without the names that it bears. */
const wordless = (message: string): string =>
  message.replace(/"[^"]*" \([0-9a-f]*\)|[a-z0-9]+\/[a-z0-9/-]+/g, "…");
