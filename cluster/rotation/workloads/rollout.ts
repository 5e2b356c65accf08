import { asDate } from "../../../trust/gather/objects.ts";
import type { WorkloadKind } from "../kinds.ts";
import type { Condition, WorkloadObject } from "../objects.ts";

/** What a workload's own controller says of its pods, as `kubectl rollout status` reads it. */
export interface ControllerSays {
  /**
   * rolling: pods of an older template are left, or the controller has not seen
   * the newest. unavailable: all pods are of the newest template, and not all of
   * them are available. stuck: its controller has given up.
   */
  readonly state: "done" | "rolling" | "unavailable" | "stuck";
  readonly desired: number;
  readonly ready: number;
  /** When something last went forward, where the controller says. */
  readonly since?: Date;
  readonly trouble?: string;
}

/** kubectl's pkg/polymorphichelpers/rollout_status.go; Argo Rollouts' utils/rollout/rolloututil.go. */
export function rolloutOf(kind: WorkloadKind, object: WorkloadObject): ControllerSays {
  const { metadata, status = {} } = object;
  // Of a Rollout both are numbers too, one of them written as a string.
  const behind = Number(status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  const says = readers[kind](object);
  return behind ? { ...says, state: "rolling" } : says;
}

const readers: Readonly<Record<WorkloadKind, (object: WorkloadObject) => ControllerSays>> = {
  Deployment({ spec, status = {} }) {
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas: ready = 0 } = status;
    const desired = spec.replicas ?? 1;
    const progressing = condition(status.conditions, "Progressing");
    const counts = { desired, ready: Math.min(ready, desired), ...lastStep(status.conditions) };
    const whole = updatedReplicas >= desired && replicas <= updatedReplicas;
    if (whole && availableReplicas >= updatedReplicas) return { state: "done", ...counts };
    if (progressing?.reason === "ProgressDeadlineExceeded")
      return {
        state: whole ? "unavailable" : "stuck",
        ...counts,
        trouble: "its progress deadline has passed",
      };
    const failing = condition(status.conditions, "ReplicaFailure");
    const trouble = failing?.status === "True" && failing.message ? { trouble: failing.message } : {};
    return { state: whole ? "unavailable" : "rolling", ...counts, ...trouble };
  },

  StatefulSet({ spec, status = {} }) {
    const desired = spec.replicas ?? 1;
    const { readyReplicas: ready = 0, updatedReplicas = 0, availableReplicas = ready } = status;
    const counts = { desired, ready: Math.min(ready, desired) };
    const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    const byHand = spec.updateStrategy?.type === "OnDelete";
    const renewed = status.updateRevision === status.currentRevision;
    if (!byHand && !renewed && updatedReplicas < desired - partition) return { state: "rolling", ...counts };
    return { state: ready < desired || availableReplicas < desired ? "unavailable" : "done", ...counts };
  },

  DaemonSet({ spec, status = {} }) {
    const { desiredNumberScheduled: desired = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    const counts = { desired, ready: status.numberReady ?? numberAvailable };
    if (spec.updateStrategy?.type !== "OnDelete" && updatedNumberScheduled < desired)
      return { state: "rolling", ...counts };
    return { state: numberAvailable < desired ? "unavailable" : "done", ...counts };
  },

  // In the middle of an update too, paused or not, a restart makes its pods anew (Argo's docs/features/restart.md):
  // that steps are left to do is no reason to wait. After an abort runs what ran before.
  Rollout({ spec, status = {} }) {
    const desired = spec.replicas ?? 1;
    const { readyReplicas = 0, availableReplicas = 0, phase, message, abort } = status;
    const counts = { desired, ready: Math.min(readyReplicas, desired) };
    const trouble = message ? { trouble: message } : {};
    if (phase === "Degraded" && abort !== true) return { state: "stuck", ...counts, ...trouble };
    return { state: availableReplicas < desired ? "unavailable" : "done", ...counts, ...trouble };
  },
};

function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((one) => one.type === type);
}

function lastStep(conditions: readonly Condition[] | undefined): { readonly since?: Date } {
  const since = asDate(condition(conditions, "Progressing")?.lastUpdateTime);
  return since === undefined ? {} : { since };
}
