import { createHash } from "node:crypto";
import type { Pod, PodSpec, PodTemplate, Workload } from "./objects.ts";
import { version, withProxy } from "./proxy.ts";

export interface Injected {
  readonly name: string;
  readonly namespace?: string;
  /** The text of the trust bundle at the time of injection. */
  readonly bundle: string;
  readonly nativeSidecar?: boolean;
  /** What owns the pods; a Pod of its own has no owner. */
  readonly kind?: WorkloadKind | "Pod";
  readonly replicas?: number;
  /** The namespace of the control plane. */
  readonly controlPlane?: string;
  readonly trustDomain?: string;
}

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job";

/** A pod as Linkerd's injector leaves it. */
export function injectedPod(options: Injected): Pod {
  const { labels, annotations } = injectedTemplate(options).metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: options.name, namespace: namespaceOf(options), labels, annotations },
    spec: injectedTemplate(options).spec,
  };
}

/** A workload whose pod template already holds the proxy, as `linkerd inject --manual` leaves it. */
export function injectedWorkload(options: Injected & { readonly kind?: WorkloadKind }): Workload {
  const { name, kind = "Deployment", replicas = 1 } = options;
  const template = injectedTemplate({ ...options, kind });
  const metadata = { name, namespace: namespaceOf(options), labels: { app: name } };
  if (kind === "Job") {
    template.spec.restartPolicy = "Never";
    return { apiVersion: "batch/v1", kind, metadata, spec: { template, parallelism: replicas } };
  }
  return {
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: {
      selector: { matchLabels: { app: name } },
      template,
      ...(kind === "DaemonSet" ? {} : { replicas }),
      ...(kind === "StatefulSet" ? { serviceName: name, podManagementPolicy: "Parallel" } : {}),
    },
  };
}

/** A pod template as the injector leaves it. */
function injectedTemplate(options: Injected): PodTemplate {
  const bare = { labels: { app: options.name }, annotations: { "linkerd.io/inject": "enabled" } };
  const spec = { containers: [{ name: "app", image: "example.test/app:1" }] };
  return addProxy(bare, spec, { ...options, bundle: installedText(options.bundle) });
}

/** What the injector adds: the proxy, its labels, its annotations. */
export function addProxy(
  metadata: Partial<PodTemplate["metadata"]>,
  spec: PodSpec,
  options: Injected,
): PodTemplate {
  const { name, bundle, kind = "Deployment", nativeSidecar = true } = options;
  const { controlPlane = "linkerd", trustDomain = "cluster.local" } = options;
  return {
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        "linkerd.io/control-plane-ns": controlPlane,
        "linkerd.io/workload-ns": namespaceOf(options),
        ...(kind === "Pod" ? {} : { [`linkerd.io/proxy-${kind.toLowerCase()}`]: name }),
      },
      annotations: {
        ...metadata.annotations,
        "linkerd.io/created-by": `linkerd/proxy-injector ${version}`,
        "linkerd.io/proxy-version": version,
        "linkerd.io/trust-root-sha256": sha256(bundle),
      },
    },
    spec: withProxy(spec, {
      controlPlane,
      trustDomain,
      native: nativeSidecar,
      anchors: { value: `${bundle.trim()}\n` },
    }),
  };
}

/** What Linkerd's chart makes of a bundle: the ConfigMap's text, which the injector takes the hash of. */
export function installedText(bundle: string): string {
  return bundle.trim();
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function namespaceOf({ namespace }: Injected): string {
  return namespace ?? "default";
}
