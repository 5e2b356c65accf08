import { type Api, mustApi } from "../../cluster/api.ts";
import type { SeenPod } from "./holding.ts";
import { type Identity, identity, type Mounted } from "./identity.ts";
import { type InjectorReplicas, injectorReplicas } from "./injector-replicas.ts";
import type { Lifetime } from "./leaf.ts";
import { argumentsOf, nameOf } from "./mesh-pod.ts";
import { type Mounts, mounts } from "./mounts.ts";
import { recorder, type Subject } from "./recorder.ts";
import type { Settings, StandInCluster } from "./settings.ts";
import type { Verify } from "./verify.ts";

/** Identity and the injector of one cluster, replica by replica, and what they have mounted. */
export interface ControlPlane {
  readonly identity: Identity;
  readonly injectors: InjectorReplicas;
  readonly mounts: Mounts;
  lifetime(): Lifetime;
  /** As the command line of the newest identity pod says. */
  saw(pod: SeenPod): void;
  /** A pod of identity or the injector runs, with what is mounted in it. Gives back what it died of. */
  start(pod: SeenPod, component: string, mounted: Mounted): Promise<string | undefined>;
  /** By "namespace/name". */
  stop(pod: string): void;
  scheme(): string;
}

export function controlPlane(
  cluster: StandInCluster,
  api: Api,
  verify: Verify,
  settings: () => Settings,
  missesUpdate: () => boolean,
): ControlPlane {
  const injectors = injectorReplicas(settings);
  const identityPods = new Set<string>();
  let told: ReturnType<typeof argumentsOf> = {
    ...{ lifetimeMs: 86_400_000, skewMs: 20_000, scheme: "linkerd.io/tls", trustDomain: "cluster.local" },
  };
  const recorders = new Map<string, ReturnType<typeof recorder>>();
  const tell = async (
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    pod: string,
  ): Promise<void> => {
    const record = recorders.get(pod) ?? recorder(api, "linkerd-identity");
    recorders.set(pod, record);
    record(await deployment(), type, reason, message);
  };
  const deployment = async (): Promise<Subject> => {
    const path = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments/linkerd-identity`;
    const { metadata } = await mustApi<{ metadata: { uid: string } }>(api, "GET", path);
    const name = "linkerd-identity";
    const { uid } = metadata;
    return { apiVersion: "apps/v1", kind: "Deployment", namespace: cluster.namespace, name, uid };
  };
  const expectedName = `identity.${cluster.namespace}.${told.trustDomain}`;
  const complain = (error: unknown) => process.stderr.write(`${cluster.name}: ${String(error)}\n`);
  const controller = identity(verify, expectedName, (...said) => void tell(...said).catch(complain));

  const followIssuer = (pod: string, place: number): void => {
    const bring = () => {
      const files = mounted.issuer(told.scheme);
      if (files !== undefined && identityPods.has(pod)) controller.reload(pod, files).catch(complain);
    };
    setTimeout(bring, settings().issuerDelayMs * (1 + place / 2));
  };
  const mounted = mounts(cluster, api, {
    bundle: () => {
      if (mounted.bundle !== undefined) injectors.changed(mounted.bundle);
    },
    issuer: () => {
      for (const [place, pod] of [...identityPods].sort().entries()) {
        if (!missesUpdate()) followIssuer(pod, place);
      }
    },
  });

  return {
    identity: controller,
    injectors,
    mounts: mounted,
    lifetime: () => told,
    scheme: () => told.scheme,
    saw: (pod) => {
      told = argumentsOf(pod);
    },
    async start(pod, component, then) {
      const name = nameOf(pod);
      if (component === "proxy-injector") injectors.start(name, then.bundle, mounted.bundle);
      if (component !== "identity") return undefined;
      const died = await controller.start(name, then);
      if (died !== undefined) return died;
      identityPods.add(name);
      // Written while it started: its own kubelet brings it that too.
      if (mounted.issuer(told.scheme)?.chain !== then.issuer?.chain) followIssuer(name, 0);
      return undefined;
    },
    stop(pod) {
      identityPods.delete(pod);
      recorders.delete(pod);
      controller.stop(pod);
      injectors.stop(pod);
    },
  };
}
