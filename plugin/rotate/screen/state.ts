import type { Block, Wait } from "../../../trust/rotation/plan.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";
import type { Ended, Happening, Looked, StepBegun, StepFailed, WorkloadChanged } from "../progress.ts";

/** All that a screen shows of one cluster. */
export interface ClusterState {
  readonly name: string;
  stage: Stage | undefined;
  /** When this stage was reached or first seen, and how far its work was then. */
  stageAt: Date;
  doneAtFirst: number;
  looked: Looked | undefined;
  /** Components of the control plane among them, by their workloads. */
  readonly workloads: Map<string, WorkloadChanged>;
  readonly underWay: Map<number, StepBegun>;
  /** The last step that failed and is tried again. */
  trouble: StepFailed | undefined;
  waits: readonly Wait[];
  blocks: readonly Block[];
  /** Why it is not heard now. */
  unseen: string | undefined;
}

export interface ScreenState {
  readonly clusters: Map<string, ClusterState>;
  begun: Date | undefined;
  ended: Ended | undefined;
}

/** A screen on which nothing has happened yet. */
export function newScreen(clusters: readonly string[]): ScreenState {
  return {
    clusters: new Map(clusters.map((name) => [name, newCluster(name)])),
    begun: undefined,
    ended: undefined,
  };
}

function newCluster(name: string): ClusterState {
  return {
    name,
    stage: undefined,
    stageAt: new Date(0),
    doneAtFirst: 0,
    looked: undefined,
    workloads: new Map(),
    underWay: new Map(),
    trouble: undefined,
    waits: [],
    blocks: [],
    unseen: undefined,
  };
}

/** Takes in what happened. */
export function take(state: ScreenState, happening: Happening): void {
  state.begun ??= happening.at;
  if (happening.kind === "ended") {
    state.ended = happening;
    return;
  }
  const known = state.clusters.get(happening.cluster);
  const cluster = known ?? newCluster(happening.cluster);
  if (known === undefined) state.clusters.set(cluster.name, cluster);
  takeOf(cluster, happening);
}

function takeOf(cluster: ClusterState, happening: Exclude<Happening, Ended>): void {
  switch (happening.kind) {
    case "looked":
      if (cluster.looked === undefined || cluster.looked.stage !== happening.stage) {
        cluster.doneAtFirst = happening.progress.done;
        cluster.stageAt = happening.at;
      }
      cluster.looked = happening;
      cluster.stage = happening.stage;
      return;
    case "stage":
      cluster.stage = happening.stage;
      cluster.trouble = undefined;
      return;
    case "step-begun":
      cluster.underWay.set(happening.id, happening);
      return;
    case "step-done":
      cluster.underWay.delete(happening.id);
      cluster.trouble = undefined;
      return;
    case "step-failed":
      cluster.underWay.delete(happening.id);
      cluster.trouble = happening;
      return;
    case "workload":
      if (happening.state === undefined) cluster.workloads.delete(happening.workload);
      else cluster.workloads.set(happening.workload, happening);
      return;
    case "waiting":
      cluster.waits = happening.waits;
      return;
    case "blocked":
      cluster.blocks = happening.blocks;
      return;
    case "unseen":
      cluster.unseen = happening.message;
      return;
    case "seen":
      cluster.unseen = undefined;
      return;
    case "proven":
    case "leaf":
    case "warning":
      return;
  }
}

/**
 * How long the stage's own work still takes, in milliseconds, if it goes on as
 * it went so far; undefined while there is too little to go by. An estimate.
 */
export function timeLeft({ looked, stageAt, doneAtFirst }: ClusterState, now: Date): number | undefined {
  if (looked === undefined) return undefined;
  const { done, of } = looked.progress;
  const [gained, ms] = [done - doneAtFirst, now.getTime() - stageAt.getTime()];
  return gained < 2 || ms < 5_000 || done >= of ? undefined : (ms / gained) * (of - done);
}
