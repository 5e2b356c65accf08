import type { Cluster } from "../../cluster/connect.ts";
import { interner } from "../../cluster/interner.ts";
import { leanProxy } from "../../cluster/lean-proxy.ts";
import type { Log } from "../../cluster/log.ts";
import { type Reflector, reflect } from "../../cluster/reflect.ts";
import type { InstallConfig, IssuerSecret, TrustRoots } from "../../trust/facts.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName, openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { controlPlaneLabel, type MeshedProxy, type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { openTrustRoots, trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Metrics, WatchedObject } from "../metrics.ts";
import { bundleRation } from "./bundle-ration.ts";

export interface Watched {
  readonly trustRoots: Reflector<TrustRoots>;
  readonly issuer: Reflector<IssuerSecret>;
  readonly config: Reflector<InstallConfig>;
  readonly namespaces: Reflector<{ readonly terminating: boolean }>;
  readonly pods: Reflector<MeshedProxy>;
}

export interface WatchedOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clock: () => Date;
  readonly log: Log;
  readonly random?: () => number;
  /** Told how the watches fare that verdicts rest on. */
  readonly metrics?: WatchMetrics;
}

export type WatchMetrics = Pick<Metrics, "watchHeard" | "watchBroke">;

/**
 * Starts to watch everything. Each object is opened at this door and dropped,
 * a private key with it. An `as` below is the API server's word: the path says
 * which kind comes.
 */
export function reflectAll({ cluster, namespace, metrics, ...options }: WatchedOptions): Watched {
  const inside = `/api/v1/namespaces/${namespace}`;
  // An idle watch says nothing for a minute. These end sooner, so that silence means something.
  const named = (name: string) => ({ ...options, fieldSelector: `metadata.name=${name}`, watchSeconds: 30 });
  const counted = (object: WatchedObject) => ({
    onContact: (at: Date) => metrics?.watchHeard(object, at),
    onBreak: () => metrics?.watchBroke(object),
  });
  const intern = interner(20_000);
  const rationed = bundleRation({
    kept: () => watched.pods.items.values(),
    elapsed: () => performance.now(),
  });

  const watched: Watched = {
    trustRoots: reflect(cluster, {
      ...named(trustRootsName),
      ...counted("trust-roots"),
      path: `${inside}/configmaps`,
      project: (object) => openTrustRoots(object as ConfigMap),
    }),
    issuer: reflect(cluster, {
      ...named(issuerSecretName),
      ...counted("issuer"),
      path: `${inside}/secrets`,
      project: (object) => openIssuerSecret(object as Secret),
    }),
    config: reflect(cluster, {
      ...named(installConfigName),
      path: `${inside}/configmaps`,
      project: (object) => openInstallConfig(object as ConfigMap),
    }),
    namespaces: reflect(cluster, {
      ...named(namespace),
      path: "/api/v1/namespaces",
      project: (object) => {
        const { metadata } = object as { metadata?: ObjectMeta };
        return { terminating: metadata?.deletionTimestamp !== undefined };
      },
    }),
    pods: reflect(cluster, {
      ...options,
      ...counted("mesh"),
      path: "/api/v1/pods",
      labelSelector: `${controlPlaneLabel}=${namespace}`,
      project: (object) => {
        const proxy = proxyOf(object as Pod, namespace);
        return proxy && leanProxy(rationed(proxy), intern);
      },
    }),
  };
  return watched;
}
