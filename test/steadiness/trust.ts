import { bundle, type Minted } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { controlPlaneObjects } from "../cluster/control-plane-objects.ts";
import { eventually } from "../cluster/eventually.ts";
import { injectedPod } from "../cluster/injected.ts";
import { create } from "../cluster/linkerd.ts";
import type { Pod } from "../cluster/objects.ts";
import { issuerOf, type Manifest, trustRootsOf } from "../scenarios/manifests.ts";
import type { Material } from "../scenarios/material.ts";

export const trustRootsPath = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";
export const issuerPath = "/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer";

/** Linkerd's namespace with its trust, and no pod: enough for most of what the guard judges. */
export async function installTrust(cp: ControlPlane, { first, live }: Material): Promise<void> {
  const issuer = { chainPem: live.pem, keyPem: live.keyPem };
  const kinds = ["Namespace", "ConfigMap", "Secret"];
  for (const object of controlPlaneObjects({ bundle: bundle(first), issuer })) {
    if (kinds.includes(object.kind)) await create(cp, object);
  }
}

/** A meshed pod, placed though nothing runs it: where nobody is meshed there is little to refuse. */
export async function installProxy(cp: ControlPlane, ...anchors: readonly Minted[]): Promise<void> {
  const namespace = "shop";
  await cp.api("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await cp.api("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: "default" } });
  const pod = injectedPod({ name: "web", namespace, bundle: bundle(...anchors) });
  const placed: Pod = { ...pod, spec: { ...pod.spec, nodeName: "somewhere" } };
  await create(cp, placed);
}

/** Waits until the API server asks the guard; a dry run tells. */
export async function inForce(cp: ControlPlane): Promise<void> {
  await eventually("the guard is in force", async () => {
    const { body } = await cp.api("PUT", `${trustRootsPath}?dryRun=All`, trustRootsOf(""));
    if (JSON.stringify(body).includes("[bundle-present]")) return true;
    throw new Error(JSON.stringify(body));
  });
}

/** A write whose answer is known; without a rule it passes. */
export interface Known {
  readonly manifest: Manifest;
  readonly refusedBy?: string;
}

/** Good and bad writes over the same live state, to both objects. */
export function knownWrites(m: Material): readonly Known[] {
  return [
    { manifest: trustRootsOf([m.first], { labels: { team: "platform" } }) },
    { manifest: trustRootsOf(""), refusedBy: "bundle-present" },
    { manifest: issuerOf(m.renewed) },
    { manifest: issuerOf(m.foreign), refusedBy: "issuer-chains-to-anchor" },
    { manifest: trustRootsOf([m.first, m.second]) },
    { manifest: trustRootsOf([m.second]), refusedBy: "bundle-overlaps-previous" },
    { manifest: issuerOf(m.live, { annotations: { team: "platform" } }) },
    { manifest: issuerOf(m.renewed, { keyPem: m.next.keyPem }), refusedBy: "issuer-key-matches" },
    { manifest: trustRootsOf([m.first, m.expiredAnchor]), refusedBy: "anchor-not-expired" },
    { manifest: issuerOf(m.expired), refusedBy: "issuer-not-expired" },
  ];
}
