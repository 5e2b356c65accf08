// A walk: steps of plans, time, and what else happens, in any order; and then to the end.
import assert from "node:assert/strict";
import { planFleet } from "../../../../trust/rotation/fleet.ts";
import type { AnchorGoal } from "../../../../trust/rotation/goal.ts";
import type { Plan, Step } from "../../../../trust/rotation/plan.ts";
import { type Act, act, help } from "./acts.ts";
import { type Cluster, minute, second, type World } from "./cluster.ts";
import { perform, record } from "./perform.ts";
import { anchorsOf, type Name, namesOf } from "./pki.ts";
import { pass } from "./time.ts";
import { viewOf } from "./view.ts";

export interface Planned {
  readonly cluster: Cluster;
  readonly plan: Plan;
}

export interface Walk {
  readonly world: World;
  readonly goal: AnchorGoal;
  /** Asked before each step. */
  readonly before?: (planned: Planned, step: Step) => void;
}

export const goalOf = (incoming: Name, more: Partial<AnchorGoal> = {}): AnchorGoal => ({
  kind: "anchor",
  incoming: anchorsOf([incoming]),
  outgoing: anchorsOf(["old"]),
  leaves: "restart",
  lazy: false,
  ...more,
});

/** What is planned now, for all clusters that are seen. What is proven is recorded at once. */
function look({ world, goal }: Walk): Planned[] {
  const views = new Map(
    world.clusters.map((cluster) => [cluster.name, cluster.unseen ? undefined : viewOf(world, cluster)]),
  );
  for (const cluster of world.clusters) {
    const view = views.get(cluster.name);
    if (view !== undefined) record(cluster, view);
  }
  const plans = planFleet(views, goal);
  return world.clusters.flatMap((cluster) => {
    const plan = plans.get(cluster.name);
    return plan === undefined ? [] : [{ cluster, plan }];
  });
}

/** Acts in this order; a step is one of those that are planned then. */
export function follow(walk: Walk, acts: readonly Act[]): void {
  for (const one of acts) {
    if (one.kind !== "step") {
      act(walk.world, one);
      continue;
    }
    const choices = look(walk).flatMap((planned) => planned.plan.steps.map((step) => ({ planned, step })));
    const chosen = choices[one.pick % choices.length];
    if (chosen !== undefined) take(walk, chosen.planned, chosen.step);
  }
}

function take(walk: Walk, planned: Planned, step: Step): void {
  walk.before?.(planned, step);
  perform(walk.world, planned.cluster, step, namesOf(walk.goal.incoming)[0] ?? "next");
}

/**
 * Goes on as the executor does, with a person at hand who does what plans ask
 * of her, until all are done, or nobody has anything to do: then it gives back
 * what blocks it. It fails where that takes forever.
 */
export function finish(walk: Walk): readonly string[] {
  const { world } = walk;
  for (const cluster of world.clusters) cluster.unseen = false;
  let last: readonly Planned[] = [];
  const helpedAlready = new Map<string, number>();
  for (let round = 0; round < 2000; round++) {
    const planned = look(walk);
    last = planned;
    if (planned.every(({ plan }) => plan.done)) return [];
    for (const one of planned) for (const step of one.plan.steps) take(walk, one, step);
    if (planned.every(({ plan }) => plan.steps.length === 0)) {
      const blocks = planned.flatMap(({ cluster, plan }) => plan.blocks.map((block) => ({ cluster, block })));
      const helped = blocks.filter(({ cluster, block: { workload } }) => {
        if (workload === undefined) return false;
        const times = helpedAlready.get(`${cluster.name} ${workload}`) ?? 0;
        helpedAlready.set(`${cluster.name} ${workload}`, times + 1);
        return times < 5 && help(world, cluster, workload);
      });
      const held = planned.every(({ plan }) => plan.waits.every((wait) => !wait.until && !wait.workload));
      if (held && helped.length === 0 && blocks.length > 0) return blocks.map(({ block }) => block.what);
    }
    const until = planned.flatMap(({ plan }) => plan.waits.flatMap((wait) => wait.until ?? []));
    const waiting = planned.every(
      ({ plan }) => plan.waits.every((wait) => wait.until) && plan.steps.length === 0,
    );
    const next = Math.min(...until.map(Number)) - world.now;
    pass(
      world,
      waiting && until.length > 0 ? Math.min(Math.max(next, second), 20 * minute) + second : 20 * second,
    );
  }
  const told = last.map(({ cluster, plan }) => ({ cluster: cluster.name, ...plan, evidence: undefined }));
  assert.fail(
    `it never ends: ${JSON.stringify(told, (key, value) => (key === "anchors" || key === "adds" || key === "drops" ? undefined : value))}`,
  );
}
