import { isDeepStrictEqual } from "node:util";
import type { Block, Plan } from "../../../trust/rotation/plan.ts";
import type { RotationView, Workload } from "../../../trust/rotation/view.ts";
import type { Happening, Listener, WorkloadChanged, WorkloadState } from "../progress.ts";
import type { Standing } from "./standing.ts";

/** A cluster at one moment: what is seen, what comes next, and what a person has to do. */
interface Moment {
  readonly view: RotationView;
  readonly plan: Plan;
  readonly blocks: readonly Block[];
}

type Plain = "at" | "cluster";
type Telling = Happening extends infer H ? (H extends { cluster: string } ? Omit<H, Plain> : never) : never;
type WorkloadTelling = Omit<WorkloadChanged, Plain>;

/** Tells of one cluster what is new since it was told last. */
export interface Teller {
  /** Tells what is otherwise than before. */
  tell(standing: Standing, at: Date, listener: Listener): void;
  /** A restart of this workload is asked for at that time, in milliseconds. */
  restarting(workload: string | undefined, at: number): void;
}

/** Remembers what was told of one cluster, so that only what is new is told. */
export function teller(namespace: string, clock: () => number): Teller {
  const states = new Map<string, WorkloadTelling>();
  const restarts = new Map<string, number>();
  let last: Moment | undefined;
  let unseen: string | undefined;

  return {
    restarting(workload, at) {
      if (workload !== undefined) restarts.set(workload, at);
    },
    tell({ member, view, plan, blocks }, at, listener) {
      const said = { at, cluster: member.name };
      if (view === undefined || plan === undefined) {
        const { failure } = member;
        if (failure !== undefined && failure.message !== unseen)
          listener({ kind: "unseen", ...said, message: failure.message, hint: failure.hint });
        unseen = failure?.message ?? unseen;
        return;
      }
      if (unseen !== undefined) listener({ kind: "seen", ...said });
      unseen = undefined;
      const moment = { view, plan, blocks };
      for (const change of [...changesOf(last, moment), ...workloadChanges(moment), ...demands(last, moment)])
        listener({ ...change, ...said });
      last = moment;
    },
  };

  function workloadChanges(moment: Moment): WorkloadTelling[] {
    const changes: WorkloadTelling[] = [];
    const here = new Set<string>();
    for (const one of seenIn(moment, namespace)) {
      here.add(one.workload);
      const before = states.get(one.workload);
      if (isDeepStrictEqual(before, one)) continue;
      states.set(one.workload, one);
      const begun = restarts.get(one.workload);
      const over = begun !== undefined && one.state === "fresh";
      if (over) restarts.delete(one.workload);
      changes.push(over ? { ...one, ms: clock() - begun } : one);
    }
    for (const [workload, { namespace: where }] of states) {
      if (here.has(workload)) continue;
      states.delete(workload);
      changes.push({ kind: "workload", workload, namespace: where, ready: 0, desired: 0 });
    }
    return changes;
  }
}

function* changesOf(before: Moment | undefined, now: Moment): Generator<Telling> {
  const [was, is] = [before?.view.issuer, now.view.issuer];
  if (is?.inUse !== undefined && !isDeepStrictEqual(was?.inUse?.since, is.inUse.since))
    yield { kind: "proven", issuer: is.certificate.fingerprint, ...sinceOf(is.inUse) };
  // What is there at the first sight is in the journal already.
  const known = new Set((before ?? now).view.leavesSeen);
  for (const one of now.view.leavesSeen ?? []) if (!known.has(one)) yield { kind: "leaf", ...one };
  const { stage, evidence } = now.plan;
  const from = before?.plan.stage;
  if (stage !== from) yield { kind: "stage", stage, evidence, ...(from === undefined ? {} : { from }) };
  const looked = lookedOf(now);
  if (before === undefined || !isDeepStrictEqual(lookedOf(before), looked))
    yield { kind: "looked", ...looked };
}

const sinceOf = ({ since, evidence }: { readonly since: Date; readonly evidence: string }) => ({
  since,
  evidence,
});

function* demands(before: Moment | undefined, now: Moment): Generator<Telling> {
  const { waits } = now.plan;
  if (!isDeepStrictEqual(before?.plan.waits ?? [], waits)) yield { kind: "waiting", waits };
  if (!isDeepStrictEqual(before?.blocks ?? [], now.blocks)) yield { kind: "blocked", blocks: now.blocks };
}

function lookedOf({ view, plan }: Moment) {
  const groups = view.workloads.flatMap(({ proxies }) => proxies);
  return {
    stage: plan.stage,
    progress: plan.progress,
    workloads: view.workloads.length,
    proxies: groups.reduce((sum, { proxies }) => sum + proxies, 0),
    toRestart: plan.steps.filter(({ kind }) => kind === "restart-workload").length,
  };
}

function* seenIn({ view, plan, blocks }: Moment, namespace: string): Generator<WorkloadTelling> {
  const restarts = new Set(
    plan.steps.flatMap((step) =>
      step.kind === "restart-workload"
        ? [step.workload]
        : step.kind === "restart-component"
          ? [step.component]
          : [],
    ),
  );
  const blocked = new Set(blocks.map(({ workload }) => workload));
  const left = new Set(plan.left);
  for (const { name, workload, rollout } of view.controlPlane) {
    const { state, desired, ready, trouble } = rollout;
    yield {
      kind: "workload",
      workload: `${namespace}/${workload}`,
      namespace,
      component: name,
      state: state === "done" ? (restarts.has(name) ? "stale" : "fresh") : state,
      ready,
      desired,
      ...(trouble === undefined ? {} : { trouble }),
    };
  }
  for (const one of view.workloads) {
    const { id: workload, namespace, rollout, restartable } = one;
    const { desired, ready } = rollout;
    const state = stateOf(one);
    const trouble = state === "person" && restartable !== true ? restartable.remedy : rollout.trouble;
    yield {
      kind: "workload",
      workload,
      namespace,
      state,
      ready,
      desired,
      ...(trouble === undefined || state === "fresh" ? {} : { trouble }),
    };
  }

  function stateOf({ id, rollout, restartable }: Workload): WorkloadState {
    if (restartable !== true && blocked.has(id)) return "person";
    if (rollout.state !== "done")
      return rollout.state === "failed" && restartable !== true ? "person" : rollout.state;
    if (restarts.has(id)) return "stale";
    // Before its turn comes nothing is planned for it, and it is stale all the same.
    if (!left.has(id)) return "fresh";
    return restartable === true ? "stale" : "person";
  }
}
