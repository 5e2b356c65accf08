import type { AnchorGoal } from "./goal.ts";
import type { Block, Plan, Step } from "./plan.ts";
import { planAnchor } from "./plan-anchor.ts";
import type { Stage } from "./stage.ts";
import type { Component, LiveIssuer, RotationView, Workload } from "./view.ts";

/** What a stage will do, if all goes well. */
export interface StageAhead {
  readonly stage: Stage;
  /** In order; restarts of workloads side by side. */
  readonly steps: readonly Step[];
  /** What a person will have to do in it. */
  readonly blocks: readonly Block[];
  /** It waits until then: for leaves to end. */
  readonly until?: Date;
}

/**
 * The whole way ahead, from one view: the planner itself, asked again and again
 * about a cluster in which each step succeeds at once, and a person does what
 * is asked of her. It ends before its time where something else blocks it.
 */
export function preview(view: RotationView, goal: AnchorGoal): readonly StageAhead[] {
  const ahead: StageAhead[] = [];
  let seen = settled(view);
  // Each round gets somewhere, in one stage after the other.
  for (let round = 0; round < 100; round++) {
    const plan = planAnchor(seen, goal);
    if (plan.done) break;
    add(ahead, plan);
    const until = plan.waits.find((one) => one.until !== undefined)?.until;
    const others = [...plan.blocks, ...plan.waits].flatMap(({ workload }) => workload ?? []);
    if (plan.steps.length + others.length === 0 && until === undefined) break;
    seen = { ...seen, now: new Date(Math.max(seen.now.getTime(), until?.getTime() ?? 0) + 1000) };
    for (const step of plan.steps) seen = after(seen, step, goal);
    seen = madeAnew(seen, new Set([...others, ...plan.steps.flatMap(restartedBy)]));
  }
  return ahead;
}

function add(ahead: StageAhead[], { stage, steps, blocks, waits }: Plan): void {
  const last = ahead.at(-1)?.stage === stage ? ahead.pop() : undefined;
  const until = waits.find((one) => one.until !== undefined)?.until ?? last?.until;
  ahead.push({
    stage,
    steps: [...(last?.steps ?? []), ...steps],
    blocks: [...(last?.blocks ?? []), ...blocks],
    ...(until === undefined ? {} : { until }),
  });
}

/** Roll-outs under way are over, and pods on their way out are gone. */
function settled(view: RotationView): RotationView {
  const atRest = <T extends Component | Workload>(one: T): T =>
    one.rollout.state === "rolling" ? { ...one, rollout: { ...one.rollout, state: "done" } } : one;
  return {
    ...view,
    controlPlane: view.controlPlane.map(({ terminating: _, ...one }) => atRest(one)),
    workloads: view.workloads.map((one) => ({
      ...atRest(one),
      proxies: one.proxies.filter(({ terminating }) => terminating !== true),
    })),
  };
}

const restartedBy = (step: Step): string[] => (step.kind === "restart-workload" ? [step.workload] : []);

function after(view: RotationView, step: Step, { incoming }: AnchorGoal): RotationView {
  const { now, bundle } = view;
  if (step.kind === "write-bundle") {
    const { injects: _, ...rest } = view;
    return { ...rest, bundle: { anchors: step.anchors, changedAt: now } };
  }
  if (step.kind === "prove-injector")
    return { ...view, injects: { anchors: bundle?.anchors ?? [], at: now } };
  if (step.kind === "restart-component") {
    const issuer = view.issuer && proven(view.issuer, now);
    const controlPlane = view.controlPlane.map((one) =>
      one.name === step.component ? { ...one, oldestPodAt: now } : one,
    );
    const signs = step.component === "identity" && issuer !== undefined ? { issuer } : {};
    return { ...view, controlPlane, ...signs };
  }
  const [anchor] = incoming;
  if (step.kind !== "write-issuer" || anchor === undefined) return view;
  // No issuer is made for a look ahead: the anchor stands for one, which may sign as well.
  return { ...view, issuer: proven({ certificate: anchor, intermediates: [], changedAt: now }, now) };
}

function proven(issuer: LiveIssuer, now: Date): LiveIssuer {
  const { skipped: _, ...rest } = issuer;
  return { ...rest, inUse: issuer.inUse ?? { since: now, evidence: "looked ahead" } };
}

/** They hold what is in the bundle, and leaves of who signs now; jobs have ended. */
function madeAnew(view: RotationView, who: ReadonlySet<string>): RotationView {
  const { now, bundle } = view;
  const anchors = bundle?.anchors ?? [];
  return {
    ...view,
    controlPlane: view.controlPlane.map((one) =>
      who.has(one.workload) ? { ...one, rollout: { ...one.rollout, state: "done" } } : one,
    ),
    workloads: view.workloads.map((one) => {
      if (!who.has(one.id)) return one;
      const ended = one.restartable !== true && one.restartable.kind === "job";
      const proxies = one.proxies.reduce((sum, group) => sum + group.proxies, 0);
      const anew = ended ? [] : [{ anchors, proxies, oldestAt: now, newestAt: now }];
      return { ...one, rollout: { ...one.rollout, state: "done" }, proxies: anew };
    }),
  };
}
