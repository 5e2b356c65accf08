import { type Api, mustApi } from "../../cluster/api.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { Record } from "./recorder.ts";
import type { Kept } from "./watching.ts";

export interface SeenPod extends Kept, Omit<Pod, "metadata"> {}

export interface Holding {
  /** A pod to be created that must not run, told why. */
  hold(pod: Pod, why: string): Pod;
  /** A pod that was created so. */
  saw(pod: SeenPod): void;
  gone(uid: string): void;
  /** What is held, and why, by "namespace/name". */
  report(): { readonly [pod: string]: string };
}

/** Undefined where it may run by now. */
export type StillWhy = (pod: SeenPod) => Promise<string | undefined>;

const nobody = "linkerd-stand-in";
const why = "stand-in.test/would-crash";

/**
 * kwok runs whatever is scheduled and calls it ready. A container that would crash must never be ready, or its
 * Deployment would take the old pod away: so such a pod is given to a scheduler that is none, shows the status that
 * a kubelet would give it, and is put on a node once its container would start.
 */
export function holding(api: Api, record: Record, still: StillWhy): Holding {
  const held = new Map<string, SeenPod>();

  const show = async (pod: SeenPod): Promise<void> => {
    const { name, namespace = "", uid } = pod.metadata;
    const message = pod.metadata.annotations?.[why] ?? "";
    const containerStatuses = pod.spec.containers.map((container) => ({
      name: container.name,
      image: container.image,
      ...{ imageID: "", ready: false, restartCount: 1 },
      state: { waiting: { reason: "CrashLoopBackOff", message } },
    }));
    await mustApi(api, "PATCH", `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      status: { phase: "Pending", containerStatuses },
    });
    const subject = { apiVersion: "v1", kind: "Pod", namespace, name, uid };
    record(subject, "Warning", "BackOff", `Back-off restarting failed container: ${message}`);
  };

  const release = async (pod: SeenPod): Promise<void> => {
    const { name, namespace = "", uid } = pod.metadata;
    const { items } = await mustApi<{ items: { metadata: { name: string } }[] }>(api, "GET", "/api/v1/nodes");
    const node = wantedNode(pod) ?? items[held.size % items.length]?.metadata.name;
    held.delete(uid);
    await mustApi(api, "POST", `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      ...{ apiVersion: "v1", kind: "Binding", metadata: { name, namespace } },
      target: { apiVersion: "v1", kind: "Node", name: node },
    });
  };

  const look = async (): Promise<void> => {
    for (const pod of [...held.values()]) {
      const complain = (error: unknown) => process.stderr.write(`a held pod: ${String(error)}\n`);
      if ((await still(pod)) === undefined) await release(pod).catch(complain);
    }
    setTimeout(look, 300);
  };
  void look();

  return {
    hold: (pod, because) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [why]: because } },
      spec: { ...pod.spec, schedulerName: nobody },
    }),
    saw(pod) {
      const mine = pod.spec.schedulerName === nobody && pod.spec.nodeName === undefined;
      if (!mine || pod.metadata.deletionTimestamp !== undefined) return void held.delete(pod.metadata.uid);
      const first = !held.has(pod.metadata.uid);
      held.set(pod.metadata.uid, pod);
      if (first) show(pod).catch((error: unknown) => process.stderr.write(`a held pod: ${String(error)}\n`));
    },
    gone: (uid) => void held.delete(uid),
    report: () =>
      Object.fromEntries(
        [...held.values()].map(({ metadata }) => [
          `${metadata.namespace}/${metadata.name}`,
          metadata.annotations?.[why] ?? "",
        ]),
      ),
  };
}

/** A DaemonSet says which node each of its pods is for. */
function wantedNode({ spec }: SeenPod): string | undefined {
  const text = JSON.stringify((spec as { affinity?: unknown }).affinity ?? {});
  return /"key":"metadata\.name","operator":"In","values":\["([^"]+)"\]/.exec(text)?.[1];
}
