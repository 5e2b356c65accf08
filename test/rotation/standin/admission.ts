import { addProxy, type WorkloadKind } from "../../cluster/injected.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Holding, SeenPod } from "./holding.ts";
import * as mesh from "./mesh-pod.ts";
import { accepted } from "./population.ts";
import { readAnchors } from "./trust.ts";
import type { Reply, Review, Webhooks } from "./webhooks.ts";

/** Why a pod would not get ready, were it started now; undefined where it would. */
export type Prospect = (pod: SeenPod) => Promise<string | undefined>;

export function prospect(plane: ControlPlane, namespace: string): Prospect {
  return async (pod) => {
    const component = mesh.componentOf(pod, namespace);
    const mounted = component === undefined ? undefined : await plane.mounts.now(plane.scheme());
    const bundle = mounted?.bundle;
    if (mounted !== undefined && bundle === undefined)
      return 'configmap "linkerd-identity-trust-roots" not found';
    if (mounted !== undefined && component === "identity") return await plane.identity.wouldCrash(mounted);
    const own = mesh.anchorsOf(pod);
    const text = own === "by-reference" ? bundle : own;
    const signers = plane.identity.signers();
    // Where nobody signs at all it only waits, and so does everybody: kwok may run it, and it is counted.
    if (text === undefined || signers.length === 0) return undefined;
    if (signers.some((issuer) => accepted(readAnchors(text), issuer))) return undefined;
    return "Failed to obtain identity: the leaf that identity issues does not chain to this pod's anchors";
  };
}

/** What the webhooks do: the injector's own work, and holding back what would crash. */
export function admission(
  plane: ControlPlane,
  held: Holding,
  willFail: Prospect,
  wantsProxy: (pod: SeenPod) => boolean,
  controlPlane: string,
): Webhooks {
  const admitted = async (pod: Pod, namespace: string): Promise<Pod | undefined> => {
    const why = await willFail(inNamespace(pod, namespace));
    return why === undefined ? undefined : held.hold(pod, why);
  };
  return {
    async inject({ namespace, object: pod }: Review): Promise<Reply> {
      const seen = inNamespace(pod, namespace);
      if (!wantsProxy(seen) || mesh.anchorsOf(seen) !== undefined) return undefined;
      const replica = plane.injectors.next();
      if (replica === undefined) return "down";
      // The chart that the injector renders requires a bundle: without one no pod is admitted.
      if (replica.bundle.trim() === "") return { refused: "Please provide the identity trust anchors" };
      const options = { ...ownerOf(pod), namespace, bundle: replica.bundle, controlPlane };
      const { metadata, spec } = addProxy(pod.metadata, pod.spec, options);
      const injected: Pod = { ...pod, metadata: { ...pod.metadata, ...metadata }, spec };
      return (await admitted(injected, namespace)) ?? injected;
    },
    controlPlane: ({ namespace, object }: Review) => admitted(object, namespace),
  };
}

/** A review's pod does not always say where it will be, and has no uid yet. */
function inNamespace(pod: Pod, namespace: string): SeenPod {
  return { ...pod, metadata: { uid: "", resourceVersion: "", ...pod.metadata, namespace } };
}

// The injector looks up the ReplicaSet's owner; here its name less the hash of the pod template will do.
function ownerOf(pod: Pod): { name: string; kind: WorkloadKind | "Pod" } {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner === undefined) return { name: pod.metadata.name, kind: "Pod" };
  const hash = pod.metadata.labels?.["pod-template-hash"];
  if (hash !== undefined) return { name: owner.name.slice(0, -hash.length - 1), kind: "Deployment" };
  // Linkerd has no label for Argo's Rollouts (pkg/inject).
  if (pod.metadata.labels?.["rollouts-pod-template-hash"]) return { name: owner.name, kind: "Pod" };
  return { name: owner.name, kind: owner.kind as WorkloadKind }; // no other kinds own pods here
}
