import { asDate } from "../../trust/gather/objects.ts";
import type { Obstacle } from "../../trust/rotation/view.ts";
import { restartedAnnotation, type WorkloadKind, workloadId, workloadKinds } from "./kinds.ts";
import type { WorkloadObject } from "./objects.ts";
import { obstacleOf } from "./obstacle.ts";
import { type ControllerSays, rolloutOf } from "./rollout.ts";

/** A workload, meshed or not: all that is kept of it. */
export interface SeenWorkload {
  readonly id: string;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly says: ControllerSays;
  readonly obstacle?: Obstacle;
  /** When it was last asked to restart, as text: what its newest pods carry. */
  readonly restartMark?: string;
  /** The same by the API server's clock, where it records it. */
  readonly restartedAt?: Date;
  /** Linkerd's own: "identity". */
  readonly component?: string;
}

/** What is kept of a workload's object. Of the control plane's, obstacles are none: its templates carry the proxy. */
export function seenWorkload(
  kind: WorkloadKind,
  object: WorkloadObject,
  controlPlane: string,
  intern: (text: string) => string,
): SeenWorkload {
  const { namespace, name, resourceVersion, generation = 0 } = object.metadata;
  const labels = object.spec.template?.metadata?.labels ?? {};
  const component =
    namespace === controlPlane && labels["linkerd.io/control-plane-ns"] === controlPlane
      ? labels["linkerd.io/control-plane-component"]
      : undefined;
  const obstacle = obstacleOf(kind, object);
  const hindered = component === undefined || obstacle?.kind !== "manual-injection" ? obstacle : undefined;
  const restartMark =
    kind === "Rollout"
      ? object.spec.restartAt
      : object.spec.template?.metadata?.annotations?.[restartedAnnotation];
  const restartedAt = restartMark === undefined ? undefined : (markedAt(object) ?? asDate(restartMark));
  return {
    id: intern(workloadId(namespace, workloadKinds[kind].short, name)),
    kind,
    namespace: intern(namespace),
    resourceVersion,
    generation,
    says: rolloutOf(kind, object),
    ...(hindered === undefined ? {} : { obstacle: hindered }),
    ...(restartMark === undefined ? {} : { restartMark }),
    ...(restartedAt === undefined ? {} : { restartedAt }),
    ...(component === undefined ? {} : { component }),
  };
}

const places = [
  ["f:spec", "f:template", "f:metadata", "f:annotations", `f:${restartedAnnotation}`],
  ["f:spec", "f:restartAt"],
];

function markedAt({ metadata }: WorkloadObject): Date | undefined {
  const entry = metadata.managedFields?.find(({ fieldsV1 }) =>
    places.some((place) => holds(fieldsV1, place)),
  );
  return asDate(entry?.time);
}

function holds(fields: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof fields !== "object" || fields === null) return false;
  const inner: unknown = (fields as Record<string, unknown>)[first];
  return inner !== undefined && holds(inner, rest);
}
