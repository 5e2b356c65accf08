import type { ObjectMeta } from "../../trust/gather/objects.ts";
import type { Pod as CorePod } from "../../trust/gather/proxy.ts";

// As much of the API server's objects as a rotation reads. The paths say which kind comes.

export interface Meta extends ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly generation?: number;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export interface Pod extends Omit<CorePod, "metadata" | "status" | "spec"> {
  readonly spec?: CorePod["spec"] & {
    readonly terminationGracePeriodSeconds?: number;
    readonly hostNetwork?: boolean;
  };
  readonly metadata: Omit<Meta, "ownerReferences"> & {
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly status?: CorePod["status"] & { readonly conditions?: readonly Condition[] };
}

interface Template {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly containers?: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string }[];
  };
}

/** How many pods of a workload may be too few, or too many, while they are replaced. */
interface AtOnce {
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
}

/** As Kubernetes writes it: 1, or "25%". */
export type IntOrPercent = number | string;

/** A Deployment, StatefulSet, DaemonSet or Argo Rollout: whatever of these fields its kind has. */
export interface WorkloadObject {
  readonly metadata: Meta;
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: Template;
    readonly paused?: boolean;
    /** Of StatefulSets and DaemonSets. */
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: AtOnce & { readonly partition?: number };
    };
    /** Of Deployments and Argo Rollouts. */
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: AtOnce;
      readonly canary?: AtOnce;
      readonly blueGreen?: AtOnce;
    };
    /** Argo Rollouts. */
    readonly restartAt?: string;
  };
  readonly status?: {
    /** A number; of Argo Rollouts a string. */
    readonly observedGeneration?: number | string;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly numberReady?: number;
    readonly conditions?: readonly Condition[];
    /** Argo Rollouts: Healthy, Progressing, Degraded, Paused. */
    readonly phase?: string;
    readonly message?: string;
    readonly restartedAt?: string;
    readonly abort?: boolean;
  };
}
