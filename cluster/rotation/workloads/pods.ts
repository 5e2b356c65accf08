import { asDate } from "../../../trust/gather/objects.ts";
import { type MeshedProxy, proxyOf } from "../../../trust/gather/proxy.ts";
import { harmless } from "../../../trust/harmless.ts";
import { askable } from "../../leaf.ts";
import { leanProxy } from "../../lean-proxy.ts";
import { restartedAnnotation, workloadId } from "../kinds.ts";
import type { Pod } from "../objects.ts";

/** One pod with a proxy that runs or is about to: all that is kept of it. */
export interface MeshedPod {
  /** What makes it anew: "shop/deploy/web", "shop/pod/lonely". */
  readonly workload: string;
  readonly namespace: string;
  readonly name: string;
  readonly proxy: MeshedProxy;
  readonly createdAt: Date;
  /** Asked to end, and serving until it has. */
  readonly leaving: boolean;
  /** When it is killed if it has not ended by itself; set where it is leaving. */
  readonly endsBy?: Date;
  readonly node?: string;
  /** How long it may take to end, in milliseconds. */
  readonly graceMs: number;
  /** What its proxy answers to; undefined where its port may be another's. */
  readonly identityName?: string;
  readonly ready: boolean;
  readonly readySince?: Date;
  readonly unreadySince?: Date;
  /** What its template said when it was made. */
  readonly restartMark?: string;
  /** The template that it was made from, where its controller says. */
  readonly template?: string;
  /** Why a container waits: "CrashLoopBackOff". */
  readonly trouble?: string;
}

/**
 * The pod, leaner; undefined where there is no proxy of this control plane in
 * it, or none that runs. Other than the guard's, this look counts those that
 * are on their way out: they still hold what they hold.
 */
export function meshedPodOf(
  pod: Pod,
  controlPlane: string,
  intern: (text: string) => string,
): MeshedPod | undefined {
  const { deletionTimestamp, ...rest } = pod.metadata;
  const proxy = proxyOf({ ...pod, metadata: rest }, controlPlane);
  const createdAt = asDate(pod.metadata.creationTimestamp);
  if (proxy === undefined || createdAt === undefined) return undefined;
  const { namespace, name, labels = {}, annotations = {} } = pod.metadata;
  const restartMark = annotations[restartedAnnotation];
  const template = labels["pod-template-hash"] ?? labels["controller-revision-hash"];
  const condition = pod.status?.conditions?.find(({ type }) => type === "Ready");
  const since = asDate(condition?.lastTransitionTime);
  const ready = condition?.status === "True";
  const endsBy = asDate(deletionTimestamp);
  const trouble = troubleOf(pod);
  const identityName = pod.spec?.hostNetwork === true ? undefined : askable(pod)?.identity;
  return {
    workload: intern(workloadOf(pod)),
    namespace: intern(namespace),
    name,
    proxy: leanProxy(proxy, intern),
    createdAt,
    leaving: deletionTimestamp !== undefined,
    ...(endsBy === undefined ? {} : { endsBy }),
    ...(pod.spec?.nodeName === undefined ? {} : { node: intern(pod.spec.nodeName) }),
    graceMs: (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000,
    ...(identityName === undefined ? {} : { identityName: intern(identityName) }),
    ready,
    ...(since === undefined ? {} : ready ? { readySince: since } : { unreadySince: since }),
    ...(restartMark === undefined ? {} : { restartMark: intern(restartMark) }),
    ...(template === undefined ? {} : { template: intern(template) }),
    ...(trouble === undefined ? {} : { trouble: intern(trouble) }),
  };
}

const shorts: Readonly<Record<string, string>> = {
  StatefulSet: "sts",
  DaemonSet: "ds",
  Job: "job",
  ReplicationController: "rc",
};

// By what owns it, not by Linkerd's labels: a copy of a pod (kubectl debug) has the labels, and nobody makes it anew.
function workloadOf({ metadata }: Pod): string {
  const { namespace, name, labels = {}, ownerReferences = [] } = metadata;
  const said = ownerReferences.find(({ controller }) => controller === true);
  // Kubernetes takes any text here, from whoever may make the pod.
  const owner = said && { kind: harmless(said.kind, 63), name: harmless(said.name, 253) };
  if (owner === undefined || owner.kind === "Node") return workloadId(namespace, "pod", name);
  if (owner.kind !== "ReplicaSet")
    return workloadId(namespace, shorts[owner.kind] ?? owner.kind.toLowerCase(), owner.name);
  // A ReplicaSet is called by its Deployment's or Rollout's name and the hash of the template.
  for (const [label, short] of Object.entries({
    "pod-template-hash": "deploy",
    "rollouts-pod-template-hash": "rollout",
  })) {
    const end = `-${labels[label]}`;
    if (labels[label] !== undefined && owner.name.endsWith(end))
      return workloadId(namespace, short, owner.name.slice(0, -end.length));
  }
  return workloadId(namespace, "rs", owner.name);
}

function troubleOf({ status }: Pod): string | undefined {
  for (const { state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = (state as { waiting?: { reason?: string } } | undefined)?.waiting?.reason; // core/v1 ContainerState
    if (reason !== undefined && reason !== "ContainerCreating" && reason !== "PodInitializing") return reason;
  }
  return undefined;
}
