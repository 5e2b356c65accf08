import type { IssuerSecret, TrustRoots } from "../../../trust/facts.ts";
import {
  type IdentityEvent,
  identityEventOf,
  identityEventsSelector,
} from "../../../trust/gather/identity-event.ts";
import { issuerSecretName, openIssuerSecret } from "../../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../../trust/gather/objects.ts";
import { controlPlaneLabel } from "../../../trust/gather/proxy.ts";
import { openTrustRoots, trustRootsName } from "../../../trust/gather/trust-roots.ts";
import type { Way } from "../../../trust/rotation/view.ts";
import type { Cluster } from "../../connect.ts";
import { interner } from "../../interner.ts";
import type { Log } from "../../log.ts";
import { type Reflector, reflect } from "../../reflect.ts";
import { type WorkloadKind, workloadKinds } from "../kinds.ts";
import type { Pod, WorkloadObject } from "../objects.ts";
import { type MeshedPod, meshedPodOf } from "../workloads/pods.ts";
import { type SeenWorkload, seenWorkload } from "../workloads/workloads.ts";
import { wayOf } from "./ways.ts";

export interface Reflectors {
  readonly roots: Reflector<SeenRoots>;
  readonly issuer: Reflector<SeenIssuer>;
  readonly pods: Reflector<MeshedPod>;
  readonly events: Reflector<IdentityEvent>;
  readonly workloads: readonly Reflector<SeenWorkload>[];
}

export interface SeenRoots {
  readonly opened: TrustRoots;
  readonly way: Way;
}

export interface SeenIssuer {
  readonly opened: IssuerSecret;
  readonly way: Way;
}

export interface ReflectorsOptions {
  /** Linkerd's own. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly log?: Log;
  /** The kinds that this API server has. */
  readonly kinds: readonly WorkloadKind[];
}

/**
 * Where nothing happens a watch may be silent for two minutes before its first bookmark, and for ever on Events,
 * which have none: it is ended before it would be taken for dead (a minute and a half).
 */
const quietSeconds = 80;

/**
 * Watches all that a rotation rests on. Each object is projected at this door
 * and dropped, a private key with it. An `as` below is the API server's word:
 * the path says which kind comes.
 */
export function reflectors(
  cluster: Cluster,
  { namespace, kinds, ...options }: ReflectorsOptions,
): Reflectors {
  const inside = `/api/v1/namespaces/${namespace}`;
  const intern = interner();
  return {
    roots: reflect(cluster, {
      ...options,
      watchSeconds: quietSeconds,
      path: `${inside}/configmaps`,
      fieldSelector: `metadata.name=${trustRootsName}`,
      project: (object) => {
        const map = object as ConfigMap;
        return { opened: openTrustRoots(map), way: wayOf(map.metadata) };
      },
    }),
    issuer: reflect(cluster, {
      ...options,
      watchSeconds: quietSeconds,
      path: `${inside}/secrets`,
      fieldSelector: `metadata.name=${issuerSecretName}`,
      project: (object) => {
        const secret = object as Secret;
        return { opened: openIssuerSecret(secret), way: wayOf(secret.metadata) };
      },
    }),
    pods: reflect(cluster, {
      ...options,
      path: "/api/v1/pods",
      labelSelector: `${controlPlaneLabel}=${namespace}`,
      project: (object) => meshedPodOf(object as Pod, namespace, intern),
    }),
    events: reflect(cluster, {
      ...options,
      watchSeconds: quietSeconds,
      path: `${inside}/events`,
      fieldSelector: identityEventsSelector,
      project: identityEventOf,
    }),
    workloads: kinds.map((kind) =>
      reflect(cluster, {
        ...options,
        path: `${workloadKinds[kind].api}/${workloadKinds[kind].resource}`,
        project: (object) => seenWorkload(kind, object as WorkloadObject, namespace, intern),
      }),
    ),
  };
}

export const allOf = (some: Reflectors): readonly Reflector<unknown>[] => [
  some.roots,
  some.issuer,
  some.pods,
  some.events,
  ...some.workloads,
];
