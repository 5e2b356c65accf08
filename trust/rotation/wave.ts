import type { Part } from "./part.ts";
import type { Block, Step, Wait } from "./plan.ts";
import type { ProxyGroup, Rollout, Workload } from "./view.ts";

export interface Wave {
  /** These proxies must be made anew. */
  readonly stale: (group: ProxyGroup) => boolean;
  /** Why a workload is restarted: "its proxies do not trust …". */
  readonly why: string;
  /** What remains to a workload that nobody can restart, besides its own remedy. */
  readonly otherwise?: string;
  /** Cut off before, and nobody can restart it: it is left alone. */
  readonly ignored?: (group: ProxyGroup) => boolean;
  /** Pods made after this were injected as new ones are: where they are stale, another restart makes them no better. */
  readonly injectedSince?: Date;
  /** Nothing works: what fails or is rolling is restarted all the same, unless it was since then. */
  readonly brokenUnlessRestarted?: Date;
}

export interface WaveLeft extends Part {
  readonly progress: { readonly done: number; readonly of: number };
  readonly left: readonly string[];
}

/** What is left of a pass over all workloads: restarts that may begin now, those under way, and those that only a person can do. */
export function waveLeft(workloads: readonly Workload[], wave: Wave): WaveLeft {
  const steps: Step[] = [];
  const waits: Wait[] = [];
  const blocks: Block[] = [];
  const unfinished: string[] = [];
  let stopped = false;
  for (const one of workloads) {
    const stale = one.proxies.filter(wave.stale);
    const asked = left(one, stale, wave);
    // What was restarted and does not come back stops the wave, whatever its last pods hold.
    if (fails(one) && wave.brokenUnlessRestarted === undefined) stopped = true;
    if (asked === undefined) continue;
    unfinished.push(one.id);
    if ("kind" in asked) steps.push(asked);
    else if ("remedy" in asked) blocks.push(asked);
    else waits.push(asked);
  }
  const progress = { done: workloads.length - unfinished.length, of: workloads.length };
  if (!stopped || steps.length + waits.length + blocks.length === 0)
    return { steps, waits, blocks, progress, left: unfinished };
  const told = new Set(blocks.map(({ workload }) => workload));
  const others = workloads.filter((one) => fails(one) && !told.has(one.id)).map(failure);
  return { steps: [], waits, blocks: [...blocks, ...others], progress, left: unfinished };
}

function left(one: Workload, stale: readonly ProxyGroup[], wave: Wave): Step | Wait | Block | undefined {
  const { id: workload, rollout, restartable, proxies } = one;
  if (stale.length === 0) {
    // All its pods are gone for new ones, of which none is there yet.
    const away = rollout.state === "rolling" && rollout.desired > 0 && proxies.length === 0;
    return away && restartable === true ? { what: `${workload} to be rolled out`, workload } : undefined;
  }
  if (stale.every(({ terminating }) => terminating)) {
    const overdue = stale.find((group) => group.overdue !== undefined)?.overdue;
    if (overdue === undefined) return { what: `the last old pod of ${workload} to end`, workload };
    const remedy = `See whether its node is gone: then delete the node, or the pod with kubectl delete pod --force -n ${one.namespace}.`;
    return { what: `an old pod of ${workload} should have ended long ago: ${overdue}`, remedy, workload };
  }
  if (restartable !== true) {
    if (wave.ignored !== undefined && stale.every(wave.ignored)) return undefined;
    const { kind, remedy } = restartable;
    if (kind === "job") return { what: `${workload} to end; ${wave.why}`, workload };
    const what = `${workload} cannot be restarted (${kind}); ${wave.why}`;
    return { what, remedy: wave.otherwise === undefined ? remedy : `${remedy} ${wave.otherwise}`, workload };
  }
  const restart = { kind: "restart-workload", workload, why: wave.why } as const;
  if (rollout.state !== "done" && mayBeBroken(rollout, wave)) return restart;
  if (rollout.state === "rolling") return { what: `${workload} to be rolled out`, workload };
  if (rollout.state === "failed") return failure(one);
  const { injectedSince } = wave;
  const lasting = stale.filter(({ terminating }) => !terminating);
  if (injectedSince !== undefined && lasting.some(({ oldestAt }) => oldestAt > injectedSince))
    return {
      what: `${workload} was made anew, and its proxies got another bundle than others do; ${wave.why}`,
      remedy: "See what injects them: a sidecar in the template, an older injector, another revision.",
      workload,
    };
  return restart;
}

function mayBeBroken({ restartedAt }: Rollout, { brokenUnlessRestarted: since }: Wave): boolean {
  return since !== undefined && !(restartedAt !== undefined && restartedAt > since);
}

const fails = ({ rollout, restartable }: Workload) => rollout.state === "failed" && restartable === true;

function failure({ id, rollout }: Workload): Block {
  const why = rollout.trouble === undefined ? "" : `: ${rollout.trouble}`;
  return {
    what: `${id} does not come up${why}`,
    remedy: "Mend it or roll it back; or leave it out with --exclude.",
    workload: id,
  };
}
