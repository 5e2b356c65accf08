import type { Cluster } from "../../cluster/connect.ts";
import type { Thresholds } from "../../trust/facts.ts";
import { gather } from "../../trust/gather/gather.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName, openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../trust/gather/mesh.ts";
import type { ConfigMap, ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { openTrustRoots, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { readEvents } from "./events.ts";
import { readNamedLeaf } from "./leaf.ts";
import { type LookOptions, lookAt } from "./look.ts";
import { refuseNothing } from "./nothing.ts";
import { knownSpots, placesOf, readOverrides } from "./places.ts";
import { holdingsOf, readPods, startsOf } from "./pods.ts";
import { readSources } from "./sources.ts";
import type { Survey } from "./types.ts";
import { readWebhooks } from "./webhooks.ts";

export interface SurveyOptions extends LookOptions {
  /** Linkerd's own. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly thresholds?: Thresholds;
  /** As the user named it. */
  readonly context?: string;
  /** Whose certificate to look at: "any" or NAMESPACE/POD. */
  readonly proxy?: string;
}

/**
 * Reads once whatever a cluster says of its trust. What is forbidden is noted
 * and the rest is read; a Failure is thrown where nobody answers, where nobody
 * knows us, and where there is no Linkerd.
 */
export async function survey(cluster: Cluster, options: SurveyOptions): Promise<Survey> {
  const { namespace, clock, thresholds = defaultPolicy.thresholds, context } = options;
  const at = clock();
  const look = lookAt(cluster, options);
  const inside = `/api/v1/namespaces/${namespace}`;
  const configMap = (name: string) =>
    look.one(`ConfigMap ${namespace}/${name}`, `${inside}/configmaps/${name}`);

  // Alone and first: a cluster that does not answer says so once.
  const space = await look.one(`Namespace ${namespace}`, inside, "silent");
  const [trustRoots, issuerSecret, config, pods, events, overrides, sources, webhooks] = await Promise.all([
    configMap(trustRootsName),
    look.one(`Secret ${namespace}/${issuerSecretName}`, `${inside}/secrets/${issuerSecretName}`),
    configMap(installConfigName),
    readPods(look, namespace),
    readEvents(look, namespace),
    readOverrides(look, namespace),
    readSources(look, namespace),
    readWebhooks(look, namespace, at),
  ]);
  refuseNothing({ namespace, space, trustRoots, issuerSecret, config, pods, unreadable: look.unreadable });

  const served =
    options.proxy === undefined
      ? undefined
      : await readNamedLeaf(cluster, look, { ...options, named: options.proxy, newest: pods.newest });

  const mesh = pods.proxies && viewMesh(pods.proxies);
  const opened = issuerSecret && openIssuerSecret(issuerSecret.value as Secret | undefined);
  const facts = gather({
    now: at,
    namespace,
    thresholds,
    terminating: (space?.value as { metadata?: ObjectMeta } | undefined)?.metadata?.deletionTimestamp != null,
    ...(trustRoots ? { trustRoots: openTrustRoots(trustRoots.value as ConfigMap | undefined) } : {}),
    ...(opened ? { issuerSecret: opened } : {}),
    ...(config?.value === undefined ? {} : { install: openInstallConfig(config.value as ConfigMap) }),
    ...(mesh && pods.everywhere ? { mesh } : {}),
    // Nothing is known of former issuers; how long a leaf lives is.
    issuersSeen: [],
  });
  const read = { trustRoots, config, issuerSecret };
  const spots = [...knownSpots(facts, read), ...(overrides ? [overrides] : []), ...sources.spots];
  return {
    ...(context === undefined ? {} : { context }),
    cluster: cluster.describe,
    at,
    namespace,
    facts,
    ...(mesh && !pods.everywhere ? { controlPlane: mesh } : {}),
    holdings: holdingsOf(pods.proxies ?? [], facts.bundle?.anchors),
    starts: startsOf(pods.proxies ?? []),
    places: placesOf(spots, facts),
    webhooks,
    ...(events === undefined ? {} : { events }),
    renewals: sources.renewals,
    ...(served === undefined ? {} : { served }),
    unreadable: look.unreadable,
  };
}
