import type { MeshedProxy } from "../../../trust/gather/proxy.ts";
import { usualLeafLifetimeMs } from "../../../trust/leaf-lifetime.ts";
import type {
  Component,
  LeafSeen,
  LiveBundle,
  LiveIssuer,
  ProxyGroup,
  Rollout,
  RotationView,
  Ways,
  Workload,
} from "../../../trust/rotation/view.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import { workloadNamed } from "../kinds.ts";
import { excludedObstacle, ownerObstacle } from "../workloads/obstacle.ts";
import type { MeshedPod } from "../workloads/pods.ts";
import { brokenBefore, type RollContext, rollState } from "../workloads/roll-state.ts";
import type { SeenWorkload } from "../workloads/workloads.ts";

/** All that is known of one cluster, of which a view is made. */
export interface Sighting {
  readonly now: Date;
  /** Linkerd's own. */
  readonly namespace: string;
  readonly bundle?: LiveBundle;
  readonly issuer?: LiveIssuer;
  readonly injects?: RotationView["injects"];
  readonly ways: Ways;
  readonly pods: Iterable<MeshedPod>;
  readonly workloads: ReadonlyMap<string, SeenWorkload>;
  /** By a workload's id: generations that writes of ours have made. */
  readonly expected: ReadonlyMap<string, number>;
  /** By a workload's id: what its events say. */
  readonly troubles: ReadonlyMap<string, string>;
  /** Workloads that had proxies; those that have are added. */
  readonly met: Set<string>;
  /** Since when workloads are seen not to be done; kept up to date here. */
  readonly unwell: Map<string, Date>;
  /** Since when pods are seen without the workload that they name; kept up to date here. */
  readonly unowned: Map<string, Date>;
  readonly excluded: ReadonlySet<string>;
  readonly patienceMs: number;
  /** Nothing works anyway: what is broken is restarted like all else. */
  readonly recovering: boolean;
  /** Namespaces whose leaves our account may not look at. */
  readonly leavesHiddenIn: readonly string[];
  leafOf(pod: MeshedPod): LeafSeen | undefined;
  anchorsOf(bundle: string): readonly Certificate[];
}

/** The view of one moment. Costs a few milliseconds for ten thousand pods. */
export function assemble(sighting: Sighting): RotationView {
  const { now, bundle, issuer, injects, ways, leavesHiddenIn } = sighting;
  const leavesSeen: LeafSeen[] = [];
  const [own, others] = [new Map<string, MeshedPod[]>(), new Map<string, MeshedPod[]>()];
  let identity: MeshedProxy["identity"];
  for (const pod of sighting.pods) {
    const { component, bundle: held } = pod.proxy;
    identity ??= pod.proxy.identity;
    const group = component !== undefined && held === undefined ? own : others;
    const leaf = sighting.leafOf(pod);
    if (leaf !== undefined) leavesSeen.push(leaf);
    const pods = group.get(pod.workload);
    if (pods === undefined) group.set(pod.workload, [pod]);
    else pods.push(pod);
  }
  for (const { id, component } of sighting.workloads.values())
    if (component !== undefined && !own.has(id)) own.set(id, []);
  for (const id of sighting.met) if (!others.has(id) && sighting.workloads.has(id)) others.set(id, []);
  return {
    now,
    ...(bundle === undefined ? {} : { bundle }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(injects === undefined ? {} : { injects }),
    controlPlane: [...own].map(([id, pods]) => componentOf(id, pods, sighting)).sort(byWorkload),
    workloads: [...others].map(([id, pods]) => workloadOf(id, pods, sighting)).sort(byId),
    leafLifetimeMs: identity?.lifetimeMs ?? usualLeafLifetimeMs,
    ...(leavesSeen.length === 0 ? {} : { leavesSeen }),
    ...(leavesHiddenIn.length === 0 ? {} : { leavesHiddenIn }),
    ways,
  };
}

function componentOf(id: string, pods: readonly MeshedPod[], sighting: Sighting): Component {
  const seen = sighting.workloads.get(id);
  const oldest = Math.min(...pods.map(({ createdAt }) => createdAt.getTime()));
  return {
    name: seen?.component ?? pods[0]?.proxy.component ?? "",
    workload: id.slice(id.indexOf("/") + 1),
    ...(pods.length === 0 ? {} : { oldestPodAt: new Date(oldest) }),
    ...(pods.some(({ leaving }) => leaving) ? { terminating: true as const } : {}),
    rollout:
      seen === undefined
        ? { state: "done", desired: pods.length, ready: pods.length }
        : watchedRoll(seen, pods, sighting, false),
  };
}

function workloadOf(id: string, pods: readonly MeshedPod[], sighting: Sighting): Workload {
  const { workloads, met, excluded, recovering, bundle } = sighting;
  const seen = workloads.get(id);
  const namespace = id.slice(0, id.indexOf("/"));
  const rollout =
    seen === undefined
      ? { state: "done" as const, desired: pods.length, ready: pods.filter(({ ready }) => ready).length }
      : watchedRoll(seen, pods, sighting, met.has(id));
  if (seen !== undefined && pods.length > 0) met.add(id);
  const hindered = excluded.has(id)
    ? excludedObstacle()
    : seen === undefined
      ? ownerObstacle(id)
      : (seen.obstacle ?? (recovering ? undefined : brokenBefore(rollout, bundle?.changedAt)));
  const downtime = hindered === undefined ? seen?.downtime : undefined;
  return {
    ...{ id, namespace, restartable: hindered ?? true, rollout },
    proxies: groupsOf(isOutOfStep(id, sighting) ? pods.map(leaving) : pods, sighting),
    ...(downtime === undefined ? {} : { downtime }),
  };
}

/** How long the garbage collector may take for the pods of a workload that was deleted. */
const collectedMs = 60_000;

/** Its pods outlive it for a moment; and where it was just made, the watch of pods may be ahead of that of workloads. */
function isOutOfStep(id: string, { workloads, unowned, now }: Sighting): boolean {
  if (workloads.has(id) || workloadNamed(id) === undefined) {
    unowned.delete(id);
    return false;
  }
  const since = unowned.get(id) ?? now;
  unowned.set(id, since);
  return +now - +since < collectedMs;
}

const leaving = (pod: MeshedPod): MeshedPod => ({ ...pod, leaving: true });

function watchedRoll(
  seen: SeenWorkload,
  pods: readonly MeshedPod[],
  sighting: Sighting,
  met: boolean,
): Rollout {
  const { now, patienceMs, expected, troubles, unwell } = sighting;
  const { id } = seen;
  const context: RollContext = {
    ...{ now, patienceMs, met },
    ...{ expected: expected.get(id), trouble: troubles.get(id), unwellSince: unwell.get(id) },
  };
  const rollout = rollState(seen, pods, context);
  if (rollout.state === "done") unwell.delete(id);
  else if (!unwell.has(id)) unwell.set(id, now);
  return rollout;
}

/** A kubelet that is there ends a pod within its grace period, and is told so in a moment. */
const overdueMs = 60_000;

function groupsOf(pods: readonly MeshedPod[], { anchorsOf, leafOf, now }: Sighting): ProxyGroup[] {
  const groups = Map.groupBy(pods, (pod) => {
    const { proxy, leaving } = pod;
    return `${leaving}${leafOf(pod) !== undefined}${proxy.bundle ?? ""}`;
  });
  return [...groups.values()].map((alike) => {
    const times = alike.map(({ createdAt }) => createdAt.getTime());
    const seen = alike.flatMap((pod) => leafOf(pod)?.seenAt.getTime() ?? []);
    const overdue = alike.find(({ endsBy }) => endsBy !== undefined && +now - +endsBy > overdueMs);
    return {
      anchors: anchorsOf(alike[0]?.proxy.bundle ?? ""),
      proxies: times.length,
      oldestAt: new Date(Math.min(...times)),
      newestAt: new Date(Math.max(...times)),
      ...(alike[0]?.leaving ? { terminating: true as const } : {}),
      ...(seen.length === 0 ? {} : { leafSeenAt: new Date(Math.min(...seen)) }),
      ...(overdue === undefined ? {} : { overdue: `${overdue.name} on ${overdue.node ?? "no node"}` }),
    };
  });
}

const byWorkload = (a: Component, b: Component) => (a.workload < b.workload ? -1 : 1);
const byId = (a: Workload, b: Workload) => (a.id < b.id ? -1 : 1);
