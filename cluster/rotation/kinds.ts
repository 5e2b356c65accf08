/** The kinds that restart their pods when their template changes, or when they are asked to. */
export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Rollout";

/** How each is called in a workload's id, and where the API server has it. */
export const workloadKinds = {
  Deployment: { short: "deploy", group: "apps", api: "/apis/apps/v1", resource: "deployments" },
  StatefulSet: { short: "sts", group: "apps", api: "/apis/apps/v1", resource: "statefulsets" },
  DaemonSet: { short: "ds", group: "apps", api: "/apis/apps/v1", resource: "daemonsets" },
  Rollout: {
    short: "rollout",
    group: "argoproj.io",
    api: "/apis/argoproj.io/v1alpha1",
    resource: "rollouts",
  },
} as const satisfies Record<WorkloadKind, object>;

/** As `kubectl rollout restart` marks a pod template. */
export const restartedAnnotation = "kubectl.kubernetes.io/restartedAt";

/** How our writes are told from others'. Flux strips whatever begins with "kubectl". */
export const fieldManager = "linkerd-certs";

/** "emojivoto/deploy/web". */
export function workloadId(namespace: string, short: string, name: string): string {
  return `${namespace}/${short}/${name}`;
}

export interface WorkloadName {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** Undefined for what is none of these kinds: "default/pod/lonely". */
export function workloadNamed(id: string): WorkloadName | undefined {
  const [namespace = "", short = "", name = ""] = id.split("/");
  const kind = (Object.keys(workloadKinds) as WorkloadKind[]).find(
    (one) => workloadKinds[one].short === short,
  );
  return kind === undefined || name === "" ? undefined : { namespace, kind, name };
}

export function workloadPath({ namespace, kind, name }: WorkloadName): string {
  const { api, resource } = workloadKinds[kind];
  return `${api}/namespaces/${namespace}/${resource}/${name}`;
}
