import { setTimeout as sleep } from "node:timers/promises";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { create } from "../cluster/linkerd.ts";
import { objectPath } from "../cluster/paths.ts";
import { deployment } from "./mesh.ts";

/** An Argo Rollout as its controller leaves it, as far as tests look into it. */
export interface Rollout {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly restartAt?: string; readonly paused?: boolean };
  readonly status: {
    readonly phase?: string;
    readonly message?: string;
    readonly observedGeneration?: string;
    readonly availableReplicas?: number;
    readonly currentStepIndex?: number;
    readonly currentPodHash?: string;
    readonly stableRS?: string;
    readonly abort?: boolean;
  };
}

export const namespace = "shop-0";

/** A Rollout that asks for a proxy, at rest. */
export async function addRollout(
  cp: ControlPlane,
  name: string,
  strategy: object,
  more: { readonly spec?: object } = {},
): Promise<void> {
  const { metadata, spec } = deployment({ name, namespace }, 3);
  const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata };
  if ("blueGreen" in strategy) await addService(cp, name);
  await create(cp, { ...kind, spec: { ...spec, strategy, ...more.spec } } as never); // of a kind that the harness does not know
  await rolloutIs(cp, name, ({ status }) => status.phase === "Healthy");
}

/** One whose template is a Deployment's, which has no pods of its own. */
export async function addReferring(cp: ControlPlane, name: string, strategy: object): Promise<void> {
  await create(cp, deployment({ name, namespace }, 0));
  const workloadRef = { apiVersion: "apps/v1", kind: "Deployment", name };
  await addRollout(cp, name, strategy, { spec: { template: undefined, workloadRef } });
}

/** As a new release would: another image, which its strategy brings in. */
export async function release(cp: ControlPlane, name: string): Promise<void> {
  const containers = [{ name: "app", image: "example.test/app:2" }];
  await patchRollout(cp, name, { spec: { template: { spec: { containers } } } });
}

export async function patchRollout(cp: ControlPlane, name: string, patch: object): Promise<void> {
  await mustApi(cp.api, "PATCH", objectPath("Rollout", namespace, name), patch);
}

export function rolloutNamed(cp: ControlPlane, name: string): Promise<Rollout> {
  return mustApi<Rollout>(cp.api, "GET", objectPath("Rollout", namespace, name));
}

export function rolloutIs(
  cp: ControlPlane,
  name: string,
  isSo: (rollout: Rollout) => boolean,
): Promise<Rollout> {
  return eventually(
    `Rollout ${name}`,
    async () => {
      const rollout = await rolloutNamed(cp, name);
      const seen = rollout.status?.observedGeneration === String(rollout.metadata.generation);
      if (seen && isSo(rollout)) return rollout;
      throw new Error(JSON.stringify(rollout.status));
    },
    { timeoutMs: 60_000 },
  );
}

/** The fewest of its pods that were ready at any moment since, until it is asked. */
export function fewestReady(cp: ControlPlane, name: string): () => Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${name}`;
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      const { items } = await mustApi<{ items: readonly Pod[] }>(cp.api, "GET", path);
      const ready = items.filter(
        ({ metadata, status }) =>
          metadata.deletionTimestamp === undefined &&
          status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
      );
      fewest = Math.min(fewest, ready.length);
      await sleep(50);
    }
    return fewest;
  })();
  return () => {
    over.abort();
    return looking;
  };
}

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function addService(cp: ControlPlane, name: string): Promise<void> {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name, namespace } };
  await create(cp, { ...service, spec: { selector: { app: name }, ports: [{ port: 80 }] } } as never);
}
