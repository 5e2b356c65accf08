import type { Obstacle } from "../../../trust/rotation/view.ts";
import { type WorkloadKind, workloadKinds } from "../kinds.ts";
import type { WorkloadObject } from "../objects.ts";

/** Why a restart of this workload would not make its pods anew; undefined where it would. */
export function obstacleOf(kind: WorkloadKind, object: WorkloadObject): Obstacle | undefined {
  const { metadata, spec } = object;
  const at = `${workloadKinds[kind].short}/${metadata.name} -n ${metadata.namespace}`;
  // A paused Rollout brings in no other template, and restarts its pods all the same.
  if (spec.paused === true && kind !== "Rollout")
    return { kind: "paused", remedy: `Resume it: kubectl rollout resume ${at}.` };
  if (carriesProxy(object)) {
    // linkerd inject knows no Rollouts (pkg/inject).
    const remedy =
      kind === "Rollout"
        ? "take it out there, and annotate it with linkerd.io/inject: enabled."
        : `kubectl get ${at} -o yaml | linkerd inject --manual - | kubectl apply -f -.`;
    return { kind: "manual-injection", remedy: `Its template carries the proxy: ${remedy}` };
  }
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type === "OnDelete")
    return { kind: "on-delete", remedy: `Delete its pods, one after the other: ${pods(object)}.` };
  if (kind === "StatefulSet" && (rollingUpdate?.partition ?? 0) > 0)
    return {
      kind: "partition",
      remedy: `Set its partition to 0: kubectl patch ${at} --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'.`,
    };
  return undefined;
}

/** Why nothing makes the pods of this owner anew when it is asked to: "shop/pod/lonely", "shop/job/report-28". */
export function ownerObstacle(workload: string): Obstacle {
  const [namespace = "", short = "", name = ""] = workload.split("/");
  const at = `${short}/${name} -n ${namespace}`;
  if (short === "pod")
    return {
      kind: "bare-pod",
      remedy: `Nobody makes it anew: kubectl delete ${at}, then create it again from its manifest.`,
    };
  if (short === "job") return { kind: "job", remedy: `It ends by itself; or end it: kubectl delete ${at}.` };
  return {
    kind: "no-controller",
    remedy: `Delete its pods, one after the other, or restart it as its own controller (${short}) wants it.`,
  };
}

/** For a workload that --exclude names. */
export function excludedObstacle(): Obstacle {
  return { kind: "excluded", remedy: "Restart it yourself, or go on without its --exclude." };
}

function pods({ metadata, spec }: WorkloadObject): string {
  const labels = Object.entries(spec.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return `kubectl delete pod -n ${metadata.namespace} ${labels.length === 0 ? "NAME" : `-l ${labels.join(",")}`}`;
}

function carriesProxy({ spec }: WorkloadObject): boolean {
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  return [...containers, ...initContainers].some(({ name }) => name === "linkerd-proxy");
}
