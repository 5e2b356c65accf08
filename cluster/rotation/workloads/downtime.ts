import type { WorkloadKind } from "../kinds.ts";
import type { IntOrPercent, WorkloadObject } from "../objects.ts";

/**
 * Why none of its pods may serve for a moment while its controller restarts
 * them; undefined where some always do. Kubernetes' rules:
 * pkg/controller/deployment/util (ResolveFenceposts), pkg/controller/daemon,
 * pkg/controller/statefulset; Argo Rollouts' rollout/restart.go and
 * utils/replicaset (MaxUnavailable).
 */
export function downtimeOf(kind: WorkloadKind, object: WorkloadObject): string | undefined {
  const { spec, status } = object;
  const pods = kind === "DaemonSet" ? (status?.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
  if (pods === 0) return undefined;
  if (kind === "Deployment" && spec.strategy?.type === "Recreate")
    return "its strategy is Recreate: new pods start when the old ones have gone";
  if (goAtOnce[kind](object, pods) < pods) return undefined;
  return pods === 1
    ? "it has one pod, which goes before another starts"
    : `all of its ${pods} pods may go at once (maxUnavailable)`;
}

const goAtOnce: Readonly<Record<WorkloadKind, (object: WorkloadObject, pods: number) => number>> = {
  Deployment({ spec }, pods) {
    const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
    const gone = Math.floor(share(maxUnavailable, pods));
    return gone === 0 && share(maxSurge, pods) === 0 ? 1 : gone;
  },
  DaemonSet({ spec }, pods) {
    const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
    const gone = Math.ceil(share(maxUnavailable, pods));
    return gone === 0 && share(maxSurge, pods) === 0 ? 1 : gone;
  },
  StatefulSet: ({ spec }, pods) =>
    Math.max(1, Math.floor(share(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, pods))),
  // A restart evicts, and surges nowhere.
  Rollout({ spec }, pods) {
    const { blueGreen, canary } = spec.strategy ?? {};
    const { maxUnavailable = "25%" } = { ...canary, ...blueGreen };
    return Math.max(1, Math.floor(share(maxUnavailable, pods)));
  },
};

function share(value: IntOrPercent, of: number): number {
  const [, percent] = /^(\d+)%$/.exec(`${value}`) ?? [];
  if (percent !== undefined) return (Number(percent) * of) / 100;
  return Number(value) || 0;
}
