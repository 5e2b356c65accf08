import { asDate } from "../../../trust/gather/objects.ts";
import type { Obstacle, Rollout } from "../../../trust/rotation/view.ts";
import type { MeshedPod } from "./pods.ts";
import type { SeenWorkload } from "./workloads.ts";

export interface RollContext {
  readonly now: Date;
  /** How long nothing may go forward before it counts as failed. */
  readonly patienceMs: number;
  /** The generation that a write of ours made, which the watch may not have told yet. */
  readonly expected?: number | undefined;
  /** What the events of its pods say. */
  readonly trouble?: string | undefined;
  /** It had proxies when it was looked at before. */
  readonly met: boolean;
  /** We have seen it not done since then. */
  readonly unwellSince?: Date | undefined;
}

/**
 * A pod is seen by one watch and its workload by another, and a controller
 * needs its time: what was done a moment ago has not failed yet.
 */
const lagMs = 15_000;

/** The roll-out of a workload as its controller and its pods tell it; never ahead of what we have done ourselves. */
export function rollState(seen: SeenWorkload, pods: readonly MeshedPod[], context: RollContext): Rollout {
  const { says, restartedAt } = seen;
  const { desired, ready } = says;
  const alive = pods.filter(({ leaving }) => !leaving);
  const lost = context.met && desired > 0 && pods.length === 0 && says.state === "done";
  const ahead = (context.expected ?? 0) > seen.generation;
  const under = seen.kind === "Rollout" ? restarting(seen, pods, context.now) : mixed(seen, alive);
  const known = { desired, ready, ...(restartedAt === undefined ? {} : { restartedAt }) };
  if (!ahead && says.state === "done" && !lost && !under) return { state: "done", ...known };
  const trouble = lost
    ? "its pods came back without a proxy; is the injector up?"
    : (context.trouble ?? alive.find((pod) => pod.trouble)?.trouble ?? says.trouble);
  const told = { ...known, ...(trouble === undefined ? {} : { trouble }) };
  if (ahead) return { state: "rolling", ...told };
  const patienceMs = lost ? lagMs : context.patienceMs;
  const late = [lastProgress(seen, alive), context.unwellSince?.getTime() ?? context.now.getTime()].every(
    (since, at) => context.now.getTime() - since > (at === 0 ? patienceMs : Math.min(lagMs, patienceMs)),
  );
  if (says.state !== "stuck" && !late) return { state: "rolling", ...told };
  return {
    state: "failed",
    ...told,
    ...(says.state === "done" && under && seen.kind === "Rollout" ? held : {}),
  };
}

// Argo Rollouts only says that it restarts.
const held = { trouble: "its old pods are not evicted; does a PodDisruptionBudget forbid it?" };

function lastProgress({ says, restartedAt }: SeenWorkload, alive: readonly MeshedPod[]): number {
  return Math.max(
    says.since?.getTime() ?? 0,
    restartedAt?.getTime() ?? 0,
    ...alive.map(({ createdAt, unreadySince }) => (unreadySince ?? createdAt).getTime()),
  );
}

// The watch of pods may be behind that of workloads: pods of an older template are still to be seen to go.
function mixed({ obstacle, restartMark }: SeenWorkload, alive: readonly MeshedPod[]): boolean {
  if (obstacle !== undefined) return false;
  return (
    alive.some((pod) => pod.restartMark !== restartMark) ||
    new Set(alive.map(({ template }) => template)).size > 1
  );
}

/**
 * Argo Rollouts evicts what was made before spec.restartAt, and may call that
 * done when the last one is on its way out and counted as available still.
 * Where it is in the future, somebody has planned a restart.
 */
function restarting(
  { restartDue, restartMark }: SeenWorkload,
  pods: readonly MeshedPod[],
  now: Date,
): boolean {
  const asked = asDate(restartMark);
  if (asked === undefined || asked > now) return false;
  const old = pods.filter(
    ({ createdAt, endsBy = now }) => createdAt < asked && now.getTime() - endsBy.getTime() < lagMs,
  );
  return restartDue !== undefined || old.length > 0;
}

/** What did not run before this rotation asked it to restart: a person's, and no reason to stop others. */
export function brokenBefore(rollout: Rollout, changedAt: Date | undefined): Obstacle | undefined {
  if (rollout.state !== "failed") return undefined;
  const ours =
    changedAt !== undefined && rollout.restartedAt !== undefined && rollout.restartedAt > changedAt;
  if (ours) return undefined;
  const why = rollout.trouble === undefined ? "" : ` (${rollout.trouble})`;
  return { kind: "broken", remedy: `It did not run before${why}: mend it, or scale it to 0.` };
}
