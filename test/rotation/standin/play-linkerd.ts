import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, apiClient, mustApi } from "../../cluster/api.ts";
import { admission, prospect } from "./admission.ts";
import { controlPlane } from "./control-plane.ts";
import { holding, type SeenPod } from "./holding.ts";
import { serveLeaves } from "./kubelet.ts";
import * as mesh from "./mesh-pod.ts";
import type { Population } from "./population.ts";
import { recorder } from "./recorder.ts";
import type { ClusterReport, Settings, StandInCluster } from "./settings.ts";
import { readAnchors } from "./trust.ts";
import type { Verify } from "./verify.ts";
import { type Kept, watching } from "./watching.ts";
import { serveWebhooks } from "./webhooks.ts";

export interface Linkerd {
  readonly ready: Promise<void>;
  report(): ClusterReport;
}

interface Seen {
  readonly name: string;
  /** The resource version that it was first seen with. */
  readonly createdAt: string;
  started: boolean;
  leaving: boolean;
  /** It was to get a proxy, and has none. */
  uninjected: boolean;
}

/** Plays what of Linkerd would run in the pods of one cluster. */
export function playLinkerd(
  cluster: StandInCluster,
  verify: Verify,
  settings: () => Settings,
  missesUpdate: () => boolean,
  people: Population,
): Linkerd {
  const { api } = apiClient(cluster.server, () => readFileSync(cluster.caFile), cluster.token);
  const plane = controlPlane(cluster, api, verify, settings, missesUpdate);
  const pods = new Map<string, Seen>();
  const injectedSpaces = new Map<string, string>();
  const wantsProxy = (pod: SeenPod) =>
    mesh.wantsInjection(pod) ?? [...injectedSpaces.values()].includes(pod.metadata.namespace ?? "");
  const willFail = prospect(plane, cluster.namespace);
  const held = holding(api, recorder(api, "kubelet"), willFail);

  const start = async (pod: SeenPod, createdAt: string): Promise<void> => {
    const component = mesh.componentOf(pod, cluster.namespace);
    const { uid } = pod.metadata;
    const mounted = component === undefined ? undefined : await plane.mounts.when(createdAt, plane.scheme());
    if (component !== undefined && mounted !== undefined) {
      let died = await plane.start(pod, component, mounted);
      if (died !== undefined) await showCrash(api, pod, died);
      // Its next try, as often as the kubelet has it: the volumes have followed meanwhile.
      for (const first = died; died !== undefined && pods.has(uid); ) {
        await sleep(500);
        died = await plane.start(pod, component, await plane.mounts.now(plane.scheme()));
        if (died === undefined && first !== undefined) await showRunning(api, pod);
      }
    }
    const own = mesh.anchorsOf(pod);
    const text = own === "by-reference" ? mounted?.bundle : own;
    if (text === undefined || !pods.has(uid)) return;
    const asks = component === "identity" ? plane.identity.asAskedBeside(mesh.nameOf(pod)) : plane.identity;
    people.add({
      ...{ uid, cluster: cluster.name, pod: mesh.nameOf(pod), identityName: mesh.identityNameOf(pod) },
      ...{ anchors: readAnchors(text), identity: asks, lifetime: plane.lifetime },
    });
  };

  // The API server may be away just now; a kubelet tries until it is back, or the pod goes.
  const startWhenPossible = async (pod: SeenPod, seen: Seen): Promise<void> => {
    while (pods.get(pod.metadata.uid) === seen && !seen.leaving) {
      try {
        return await start(pod, seen.createdAt);
      } catch (error) {
        process.stderr.write(`${seen.name}: ${String(error)}\n`);
        await sleep(500);
      }
    }
  };

  const gone = (uid: string): void => {
    const seen = pods.get(uid);
    pods.delete(uid);
    people.remove(uid);
    held.gone(uid);
    if (seen !== undefined) plane.stop(seen.name);
  };

  const toldOfPod = (uid: string, pod: SeenPod | undefined, version: string): void => {
    if (pod === undefined) {
      gone(uid);
      return;
    }
    const fresh = {
      name: mesh.nameOf(pod),
      createdAt: version,
      started: false,
      leaving: false,
      uninjected: false,
    };
    const seen = pods.get(uid) ?? fresh;
    pods.set(uid, seen);
    held.saw(pod);
    if (seen === fresh && mesh.componentOf(pod, cluster.namespace) === "identity") plane.saw(pod);
    if (mesh.ended(pod)) people.remove(uid);
    // Whoever is on the way out gets no new requests: neither for leaves nor for injection.
    if (pod.metadata.deletionTimestamp !== undefined) {
      seen.leaving = true;
      plane.stop(seen.name);
    } else if (!seen.started && mesh.runs(pod)) {
      seen.started = true;
      seen.uninjected = wantsProxy(pod) && mesh.anchorsOf(pod) === undefined;
      void startWhenPossible(pod, seen);
    }
  };

  const begin = async (): Promise<void> => {
    const spaces = watching<Kept>(cluster, api, "/api/v1/namespaces", {}, (uid, space) => {
      const wants = space?.metadata.annotations?.["linkerd.io/inject"] === "enabled";
      if (space !== undefined && wants) injectedSpaces.set(uid, space.metadata.name);
      else injectedSpaces.delete(uid);
    });
    await Promise.all([plane.mounts.synced, spaces.synced]);
    await watching<SeenPod>(cluster, api, "/api/v1/pods", {}, toldOfPod).synced;
    await serveLeaves(api, (pod) => people.find(cluster.name, pod));
    await serveWebhooks(api, admission(plane, held, willFail, wantsProxy, cluster.namespace));
  };

  return {
    ready: begin(),
    report: () => {
      const kinds = [...people.kinds.values()].flatMap((members) => {
        const [first] = members;
        if (first?.proxy.cluster !== cluster.name) return [];
        const { proxy, leaf } = first;
        return { trusts: proxy.anchors.names, leafOf: leaf.issuer.label, proxies: members.length };
      });
      return {
        identity: plane.identity.report(),
        injectors: plane.injectors
          .all()
          .map(({ pod, bundle }) => ({ pod, anchors: readAnchors(bundle).names })),
        proxies: kinds.reduce((sum, { proxies }) => sum + proxies, 0),
        withoutLeaf: people.withoutLeaf(cluster.name),
        uninjected: [...pods.values()].filter(({ uninjected }) => uninjected).length,
        held: held.report(),
        kinds,
      };
    },
  };
}

/** What a kubelet would write; kwok has called it ready already. */
async function showCrash(api: Api, pod: SeenPod, message: string): Promise<void> {
  const containerStatuses = pod.status?.containerStatuses?.map((status) => ({
    ...status,
    ...{ ready: false, started: false, restartCount: 1 },
    state: { waiting: { reason: "CrashLoopBackOff", message }, running: null },
  }));
  await showStatus(api, pod, "False", containerStatuses);
}

async function showRunning(api: Api, pod: SeenPod): Promise<void> {
  await showStatus(api, pod, "True", pod.status?.containerStatuses);
}

async function showStatus(api: Api, pod: SeenPod, ready: string, containerStatuses: unknown): Promise<void> {
  const { name, namespace } = pod.metadata;
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const conditions = (pod.status?.conditions ?? []).map((condition) =>
    condition.type.endsWith("Ready") ? { ...condition, status: ready, lastTransitionTime } : condition,
  );
  await mustApi(api, "PATCH", `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: { conditions, containerStatuses },
  });
}
