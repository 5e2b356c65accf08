import type { Outcome } from "../../../cluster/rotation/perform/outcome.ts";
import { type LoopOptions, rotate } from "../../../plugin/rotate/loop/loop.ts";
import type { Member } from "../../../plugin/rotate/loop/member.ts";
import type { Ended, Happening } from "../../../plugin/rotate/progress.ts";
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import {
  type Cluster,
  type Kind,
  minute,
  second,
  type World,
  world,
} from "../../trust/rotation/model/cluster.ts";
import { perform, record } from "../../trust/rotation/model/perform.ts";
import { pass } from "../../trust/rotation/model/time.ts";
import { viewOf } from "../../trust/rotation/model/view.ts";
import { goalOf } from "../../trust/rotation/model/walk.ts";

export interface Setting {
  readonly kinds?: readonly Kind[];
  readonly clusters?: number;
  readonly seed?: number;
  readonly goal?: AnchorGoal;
  readonly loop?: Partial<LoopOptions>;
  /** Instead of doing it, or before it is done. */
  instead?(step: Step, cluster: Cluster, world: World): Outcome | undefined;
  member?(cluster: Cluster, world: World): Partial<Member>;
  onHappening?(happening: Happening, stop: AbortController): void;
}

export interface Run {
  readonly ended: Ended;
  readonly happenings: readonly Happening[];
  readonly world: World;
  /** Restarts of workloads, with their stage at that time. */
  readonly restarts: readonly string[];
}

export async function run(setting: Setting): Promise<Run> {
  const { kinds = ["deploy", "deploy", "recreate"], clusters = 1, seed = 1, goal = goalOf("next") } = setting;
  const works = kinds.map((kind) => ({ kind, replicas: 2, paused: false }));
  const model = world({ seed, clusters, identities: 2, injectors: 2, works });
  const bells = new Set<() => void>();
  const stop = new AbortController();
  const happenings: Happening[] = [];
  const restarts: string[] = [];
  const members = model.clusters.map(
    (cluster): Member => ({
      ...{ name: cluster.name, goal, failure: undefined },
      view: () => {
        const view = viewOf(model, cluster);
        record(cluster, view);
        return view;
      },
      onChange: (bell) => {
        bells.add(bell);
        return () => bells.delete(bell);
      },
      confirm: async () => {},
      permit: async () => {},
      perform: async (step) => {
        const instead = setting.instead?.(step, cluster, model);
        if (instead !== undefined) return instead;
        perform(model, cluster, step, "next");
        const stage = happenings.findLast((one) => one.kind === "stage" && one.cluster === cluster.name);
        if (step.kind === "restart-workload" && stage?.kind === "stage")
          restarts.push(`${cluster.name} ${stage.stage} ${step.workload}`);
        return { outcome: "done", sentence: "" };
      },
      ...setting.member?.(cluster, model),
    }),
  );
  const ticking = setInterval(() => {
    pass(model, 5 * second);
    for (const bell of bells) bell();
  }, 1);
  const ended = await rotate({
    members,
    ...{ namespace: "linkerd", clock: () => new Date(model.now), random: model.random, signal: stop.signal },
    ...{ timeoutMs: 10 * minute, wait: false, maxParallel: 10, namespaceOrder: [], betweenMs: 0 },
    listener: (happening) => {
      happenings.push(happening);
      setting.onHappening?.(happening, stop);
    },
    ...setting.loop,
  }).finally(() => clearInterval(ticking));
  return { ended, happenings, world: model, restarts };
}
