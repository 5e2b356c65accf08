import { fields } from "../../../trust/fields.ts";
import { asDate } from "../../../trust/gather/objects.ts";
import type { Obstacle } from "../../../trust/rotation/view.ts";
import { restartedAnnotation, type WorkloadKind, workloadId, workloadKinds } from "../kinds.ts";
import type { WorkloadObject } from "../objects.ts";
import { downtimeOf } from "./downtime.ts";
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
  /** Why none of its pods may serve while it restarts. */
  readonly downtime?: string;
  /** When it was last asked to restart, as text: what its newest pods carry. */
  readonly restartMark?: string;
  /** The same by the API server's clock, where it records it. */
  readonly restartedAt?: Date;
  /** Of an Argo Rollout: from when on its pods are to be, while its controller does not call that done. */
  readonly restartDue?: Date;
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
  const downtime = downtimeOf(kind, object);
  const restartMark =
    kind === "Rollout"
      ? object.spec.restartAt
      : object.spec.template?.metadata?.annotations?.[restartedAnnotation];
  const restartedAt = restartMark === undefined ? undefined : (markedAt(kind, object) ?? asDate(restartMark));
  const asked = kind === "Rollout" ? asDate(restartMark) : undefined;
  const restartDue = asked?.getTime() === asDate(object.status?.restartedAt)?.getTime() ? undefined : asked;
  return {
    id: intern(workloadId(namespace, workloadKinds[kind].short, name)),
    kind,
    namespace: intern(namespace),
    resourceVersion,
    generation,
    says: rolloutOf(kind, object),
    ...(hindered === undefined ? {} : { obstacle: hindered }),
    ...(downtime === undefined ? {} : { downtime: intern(downtime) }),
    ...(restartMark === undefined ? {} : { restartMark }),
    ...(restartedAt === undefined ? {} : { restartedAt }),
    ...(restartDue === undefined ? {} : { restartDue }),
    ...(component === undefined ? {} : { component }),
  };
}

const annotated = ["f:spec", "f:template", "f:metadata", "f:annotations", `f:${restartedAnnotation}`];

function markedAt(kind: WorkloadKind, { metadata }: WorkloadObject): Date | undefined {
  const place = kind === "Rollout" ? ["f:spec", "f:restartAt"] : annotated;
  return asDate(metadata.managedFields?.find(({ fieldsV1 }) => holds(fieldsV1, place))?.time);
}

function holds(managed: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  const inner = fields(managed)[first];
  return inner !== undefined && holds(inner, rest);
}
