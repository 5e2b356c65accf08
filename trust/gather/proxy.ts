import { parseDuration } from "../duration.ts";
import type { Scheme } from "../facts.ts";
import { printable } from "../harmless.ts";
import { usualClockSkewMs, usualIssuanceMs } from "../leaf-lifetime.ts";
import { asScheme } from "./install-config.ts";
import { asDate, type ObjectMeta } from "./objects.ts";

export const controlPlaneLabel = "linkerd.io/control-plane-ns";
export const anchorsVariable = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS";

export interface Pod {
  readonly metadata?: ObjectMeta | undefined;
  readonly spec?:
    | {
        readonly nodeName?: string | undefined;
        readonly containers?: readonly Container[];
        readonly initContainers?: readonly Container[];
      }
    | undefined;
  readonly status?:
    | {
        readonly phase?: string | undefined;
        readonly startTime?: string | Date | undefined;
        readonly containerStatuses?: readonly ContainerStatus[] | undefined;
        readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
      }
    | undefined;
}

interface Container {
  readonly name: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly { readonly name: string; readonly value?: string | undefined }[] | undefined;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?:
    | { readonly running?: { readonly startedAt?: string | Date | undefined } | undefined }
    | undefined;
}

/** One proxy that runs, or is about to: all that is kept of its pod. */
export interface MeshedProxy {
  readonly namespace: string;
  /** "deploy/web", "sts/db", "pod/lonely". */
  readonly workload: string;
  /** The anchors it was injected with; undefined where it reads the ConfigMap when it starts. */
  readonly bundle?: string;
  readonly startedAt?: Date;
  /** When its pod was made: before any of its volumes was mounted, by the API server's own clock. */
  readonly createdAt?: Date;
  /** Set for Linkerd's own components: "identity", "destination", "proxy-injector". */
  readonly component?: string;
  readonly identity?: IdentityArguments;
}

export interface IdentityArguments {
  readonly trustDomain?: string;
  readonly scheme?: Scheme;
  /** Issuance lifetime and clock skew allowance together, in milliseconds. */
  readonly lifetimeMs: number;
}

/**
 * The proxy in a pod of this control plane; undefined where there is none that
 * counts: not meshed, finished, or already on its way out.
 * (linkerd2 pkg/inject, charts/partials/_proxy.tpl)
 */
export function proxyOf(pod: Pod, controlPlane: string): MeshedProxy | undefined {
  const labels = pod.metadata?.labels ?? {};
  const phase = pod.status?.phase ?? "Pending";
  if (labels[controlPlaneLabel] !== controlPlane || pod.metadata?.deletionTimestamp !== undefined)
    return undefined;
  if (phase !== "Running" && phase !== "Pending") return undefined;
  // A pod that nobody has placed yet runs nothing, and may never.
  if (pod.spec?.nodeName === undefined && phase !== "Running") return undefined;
  const container = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].find(
    (one) => one.name === "linkerd-proxy",
  );
  if (container === undefined) return undefined;

  const namespace = pod.metadata?.namespace ?? "";
  const bundle = bundleIn(container);
  const startedAt = startOf(pod, "linkerd-proxy");
  const createdAt = asDate(pod.metadata?.creationTimestamp) ?? startedAt;
  // Whoever may make pods elsewhere may label them as they like.
  const component = namespace === controlPlane ? labels["linkerd.io/control-plane-component"] : undefined;
  const identity = component === "identity" && runs(pod, "identity") ? identityArguments(pod) : undefined;
  return {
    namespace,
    workload: workloadOf(pod.metadata),
    ...(bundle === undefined ? {} : { bundle }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(component === undefined ? {} : { component }),
    ...(identity === undefined ? {} : { identity }),
  };
}

const kinds = {
  deployment: "deploy",
  statefulset: "sts",
  daemonset: "ds",
  replicaset: "rs",
  replicationcontroller: "rc",
  cronjob: "cronjob",
  job: "job",
} as const;

function workloadOf(meta: ObjectMeta | undefined): string {
  const rollout = rolloutOf(meta);
  if (rollout !== undefined) return printable(`rollout/${rollout}`, 317);
  for (const [kind, short] of Object.entries(kinds)) {
    const name = meta?.labels?.[`linkerd.io/proxy-${kind}`];
    if (name !== undefined) return `${short}/${name}`;
  }
  const owner = meta?.ownerReferences?.[0];
  if (owner === undefined) return `pod/${meta?.name ?? ""}`;
  // Kubernetes takes any text here, from whoever may make the pod; it stands in messages.
  return printable(`${owner.kind.toLowerCase()}/${owner.name}`, 317);
}

// Linkerd has no label for Argo's Rollouts, and their ReplicaSets have another name with each update.
function rolloutOf(meta: ObjectMeta | undefined): string | undefined {
  const owner = meta?.ownerReferences?.[0];
  const end = `-${meta?.labels?.["rollouts-pod-template-hash"] ?? ""}`;
  return owner?.kind === "ReplicaSet" && end !== "-" && owner.name.endsWith(end)
    ? owner.name.slice(0, -end.length)
    : undefined;
}

/** The kernel takes no longer string in an environment, so a proxy with a longer bundle cannot start. */
const longestBundle = 128 * 1024;

function bundleIn(container: Container): string | undefined {
  const value = container.env?.find((one) => one.name === anchorsVariable)?.value;
  return value !== undefined && value.length > longestBundle ? "" : value;
}

/** False where the container is known to wait or to have ended: one that crashes again and again. */
function runs(pod: Pod, container: string): boolean {
  const status = pod.status?.containerStatuses?.find((one) => one.name === container);
  return status === undefined || status.state?.running !== undefined;
}

function startOf(pod: Pod, container: string): Date | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const running = statuses.find((one) => one.name === container)?.state?.running?.startedAt;
  return asDate(running ?? pod.status?.startTime ?? pod.metadata?.creationTimestamp);
}

function identityArguments(pod: Pod): IdentityArguments {
  const args = pod.spec?.containers?.find((one) => one.name === "identity")?.args ?? [];
  const flag = (name: string): string | undefined => {
    const prefix = `-${name}=`;
    const joined = args.find((arg) => arg.startsWith(prefix) || arg.startsWith(`-${prefix}`));
    return joined === undefined ? undefined : joined.slice(joined.indexOf("=") + 1);
  };
  const trustDomain = flag("identity-trust-domain");
  const scheme = asScheme(flag("identity-scheme"));
  return {
    lifetimeMs:
      (parseDuration(flag("identity-issuance-lifetime")) ?? usualIssuanceMs) +
      (parseDuration(flag("identity-clock-skew-allowance")) ?? usualClockSkewMs),
    ...(trustDomain === undefined ? {} : { trustDomain }),
    ...(scheme === undefined ? {} : { scheme }),
  };
}
