import type { Pod } from "../../trust/gather/proxy.ts";
import { after, bundle, day, type Minted } from "../certificates/index.ts";

/** When everything that runs in a healthy mesh started: after the bundle was written. */
export const meshStarted = after(-10 * day);

export interface PodOptions {
  readonly namespace: string;
  readonly name: string;
  /** Without one the pod is bare. */
  readonly owner: readonly [kind: string, name: string] | undefined;
  /** The bundle it was injected with; undefined where it reads the ConfigMap when it starts. */
  readonly bundle: readonly Minted[] | string | undefined;
  /** When its containers started, last of all. */
  readonly startedAt: Date | undefined;
  /** When the pod was made, if not when its containers started: they may have started again since. */
  readonly createdAt: Date | undefined;
  /** False for a pod that no node has taken yet. */
  readonly scheduled: boolean;
  /** The container that waits to be started again. */
  readonly crashing: string;
  readonly nativeSidecar: boolean;
  readonly phase: string;
  readonly terminating: boolean;
  readonly controlPlane: string;
  readonly component: string | undefined;
  readonly identityArgs: readonly string[] | undefined;
}

/** An injected pod of Deployment emojivoto/web as the API server shows it, unless an option says otherwise. */
export function pod(options: Partial<PodOptions> = {}): Pod {
  const {
    owner = ["deployment", "web"],
    nativeSidecar = true,
    startedAt = meshStarted,
    createdAt = startedAt,
  } = options;
  const proxy = { name: "linkerd-proxy", env: [anchorsVariable(options)] };
  const identity = options.identityArgs && { name: "identity", args: options.identityArgs };
  const statusOf = (name: string) => ({
    name,
    state: options.crashing === name ? {} : { running: { startedAt: startedAt.toISOString() } },
  });
  const statuses = [
    ...(nativeSidecar ? [] : [statusOf("linkerd-proxy")]),
    ...(identity ? [statusOf("identity")] : []),
  ];
  return {
    metadata: {
      name: options.name ?? "web-6d4cf56db6-x2x7p",
      namespace: options.namespace ?? "emojivoto",
      labels: {
        "linkerd.io/control-plane-ns": options.controlPlane ?? "linkerd",
        ...("owner" in options && options.owner === undefined
          ? {}
          : { [`linkerd.io/proxy-${owner[0]}`]: owner[1] }),
        ...(options.component === undefined
          ? {}
          : { "linkerd.io/control-plane-component": options.component }),
      },
      creationTimestamp: createdAt.toISOString(),
      ...(options.terminating ? { deletionTimestamp: after(0).toISOString() } : {}),
    },
    spec: {
      ...(options.scheduled === false ? {} : { nodeName: "node-1" }),
      initContainers: [{ name: "linkerd-init" }, ...(nativeSidecar ? [proxy] : [])],
      containers: [{ name: "web" }, ...(nativeSidecar ? [] : [proxy]), ...(identity ? [identity] : [])],
    },
    status: {
      phase: options.phase ?? "Running",
      startTime: createdAt.toISOString(),
      initContainerStatuses: nativeSidecar ? [statusOf("linkerd-proxy")] : [],
      containerStatuses: statuses,
    },
  };
}

/** A pod of Linkerd's own, whose proxy takes the bundle from the ConfigMap when its container starts. */
export function controlPlanePod(component: string, options: Partial<PodOptions> = {}): Pod {
  const owner = ["deployment", `linkerd-${component}`] as const;
  return pod({ namespace: "linkerd", component, owner, nativeSidecar: false, bundle: undefined, ...options });
}

export const identityPod = (options: Partial<PodOptions> = {}): Pod =>
  controlPlanePod("identity", { identityArgs: identityArgs(), ...options });

export function identityArgs(changes: Readonly<Record<string, string>> = {}): string[] {
  const flags = {
    "identity-trust-domain": "cluster.local",
    "identity-issuance-lifetime": "24h0m0s",
    "identity-clock-skew-allowance": "20s",
    "identity-scheme": "kubernetes.io/tls",
    ...changes,
  };
  return ["identity", ...Object.entries(flags).map(([name, value]) => `-${name}=${value}`)];
}

function anchorsVariable(options: Partial<PodOptions>) {
  const name = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS";
  const { bundle: held = "" } = options;
  if ("bundle" in options && options.bundle === undefined) {
    return {
      name,
      valueFrom: { configMapKeyRef: { name: "linkerd-identity-trust-roots", key: "ca-bundle.crt" } },
    };
  }
  return { name, value: typeof held === "string" ? held : bundle(...held) };
}
