import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { controllers, controlPlaneObjects, type Installation } from "./control-plane-objects.ts";
import { eventually } from "./eventually.ts";
import { type Injected, injectedPod, injectedWorkload } from "./injected.ts";
import type { KubeObject } from "./objects.ts";
import { collectionPath, objectPath } from "./paths.ts";
import { rolledOut } from "./rollout.ts";

/** Creates what a Linkerd install has, and waits until its three controllers run. */
export async function installLinkerd(cp: ControlPlane, install: Installation): Promise<void> {
  const { namespace = "linkerd" } = install;
  for (const object of controlPlaneObjects(install)) await create(cp, object);
  await Promise.all(
    controllers.map((controller) =>
      rolledOut(cp, { kind: "Deployment", namespace, name: `linkerd-${controller}` }),
    ),
  );
}

/** Creates an injected workload and waits until its pods run. */
export async function inject(cp: ControlPlane, options: Injected): Promise<void> {
  const { namespace = "default", name, kind = "Deployment" } = options;
  await ensureNamespace(cp, namespace);
  await create(cp, kind === "Pod" ? injectedPod(options) : injectedWorkload({ ...options, kind }));
  if (kind === "Pod" || kind === "Job") await podsRun(cp, namespace, `app=${name}`);
  else await rolledOut(cp, { kind, namespace, name });
}

export async function create(cp: ControlPlane, object: KubeObject): Promise<void> {
  await mustApi(cp.api, "POST", collectionPath(object.kind, object.metadata.namespace), object);
}

/** Creates the namespace if need be, and waits for the account that its pods run as. */
export async function ensureNamespace(cp: ControlPlane, name: string): Promise<void> {
  await cp.api("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await eventually(`the default service account of ${name}`, async () => {
    return (await cp.api("GET", objectPath("ServiceAccount", name, "default"))).status === 200;
  });
}

/** Waits until there are such pods and none of them is waiting to run. */
export async function podsRun(
  cp: ControlPlane,
  namespace: string,
  labels: string,
  timeoutMs = 60_000,
): Promise<void> {
  const some = `/api/v1/namespaces/${namespace}/pods?limit=1&labelSelector=${encodeURIComponent(labels)}`;
  const count = async (fields: string) => {
    const path = `${some}&fieldSelector=${encodeURIComponent(fields)}`;
    return (await mustApi<{ items: unknown[] }>(cp.api, "GET", path)).items.length;
  };
  await eventually(
    `pods ${labels} run`,
    async () => (await count("status.phase!=Pending")) > 0 && (await count("status.phase=Pending")) === 0,
    { timeoutMs, everyMs: 200 },
  );
}
