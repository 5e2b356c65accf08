/** As much of a container as is written and read here. */
interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: object;
  readonly securityContext?: object;
}

/** A pod for a dry run: injected, within any quota, and as harmless as the strictest PodSecurity wants it. */
export function dryRunPod(namespace: string) {
  const some = { cpu: "1m", memory: "1Mi" };
  const container: Container = {
    name: "nothing",
    image: "registry.k8s.io/pause:3.10",
    resources: { requests: some, limits: some },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
  };
  const initContainers: readonly Container[] | undefined = undefined;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: "linkerd-certs-dry-run-",
      namespace,
      annotations: { "linkerd.io/inject": "enabled" },
    },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [container] as readonly Container[],
      initContainers: initContainers as readonly Container[] | undefined,
    },
  };
}
