import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import { installedText, sha256, type WorkloadKind } from "./injected.ts";
import type { PodTemplate } from "./objects.ts";
import { objectPath } from "./paths.ts";
import { trustAnchorsVariable } from "./proxy.ts";

export interface WorkloadRef {
  readonly name: string;
  readonly namespace?: string;
  readonly kind?: Exclude<WorkloadKind, "Job">;
}

/**
 * Restarts a workload as `kubectl rollout restart` does, and waits for the roll-out. With a bundle, the new pods
 * carry that one, as if they had been injected again.
 */
export async function restart(cp: ControlPlane, ref: WorkloadRef, bundle?: string): Promise<void> {
  const path = pathOf(ref);
  const { spec } = await mustApi<Rolling>(cp.api, "GET", path);
  const template = bundle === undefined ? spec.template : injectedAgain(spec.template, bundle);
  const annotations = {
    ...template.metadata.annotations,
    "kubectl.kubernetes.io/restartedAt": new Date().toISOString(),
  };
  const restarted = { ...template, metadata: { ...template.metadata, annotations } };
  await mustApi(cp.api, "PATCH", path, { spec: { template: restarted } });
  await rolledOut(cp, ref);
}

/** Waits until all pods of the workload are of its newest template, and available. */
export async function rolledOut(cp: ControlPlane, ref: WorkloadRef, timeoutMs = 60_000): Promise<void> {
  const path = pathOf(ref);
  const isDone = async () => {
    const { metadata, spec, status } = await mustApi<Rolling>(cp.api, "GET", path);
    if ((status.observedGeneration ?? 0) < metadata.generation) return false;
    const counts =
      ref.kind === "DaemonSet"
        ? [status.currentNumberScheduled, status.updatedNumberScheduled, status.numberAvailable]
        : [
            status.replicas,
            ref.kind === "ReplicaSet" ? status.replicas : status.updatedReplicas,
            status.availableReplicas,
          ];
    const wanted = ref.kind === "DaemonSet" ? status.desiredNumberScheduled : spec.replicas;
    return counts.every((count) => (count ?? 0) === wanted);
  };
  await eventually(`the roll-out at ${path}`, isDone, { timeoutMs });
}

function injectedAgain(template: PodTemplate, bundle: string): PodTemplate {
  const copy = structuredClone(template);
  const containers = [...copy.spec.containers, ...(copy.spec.initContainers ?? [])];
  for (const variable of containers.flatMap((container) => container.env ?? [])) {
    if (variable.name === trustAnchorsVariable) variable.value = `${bundle.trim()}\n`;
  }
  copy.metadata.annotations = {
    ...copy.metadata.annotations,
    "linkerd.io/trust-root-sha256": sha256(installedText(bundle)),
  };
  return copy;
}

function pathOf({ kind = "Deployment", namespace = "default", name }: WorkloadRef): string {
  return objectPath(kind, namespace, name);
}

interface Rolling {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas?: number; readonly template: PodTemplate };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}
