import type { Container, EnvVar, PodSpec } from "./objects.ts";

export interface Proxy {
  /** The control plane's namespace. */
  readonly controlPlane: string;
  readonly trustDomain: string;
  /** The text of the bundle, or where the kubelet finds it when the container starts. */
  readonly anchors: { readonly value: string } | { readonly valueFrom: NonNullable<EnvVar["valueFrom"]> };
  /** Among the init containers, as Linkerd does by default since 2.20; never for identity itself. */
  readonly native: boolean;
  readonly identityAddress?: string;
}

export const trustAnchorsVariable = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS";
export const version = "edge-26.8.2";
const proxyImage = `cr.l5d.io/linkerd/proxy:${version}`;

/** The pod as the injector leaves it: Linkerd's own golden files, less probes, tuning and security contexts. */
export function withProxy(spec: PodSpec, proxy: Proxy): PodSpec {
  const container = proxyContainer(proxy);
  return {
    ...spec,
    initContainers: [
      ...(spec.initContainers ?? []),
      initContainer,
      ...(proxy.native ? [{ ...container, restartPolicy: "Always" as const }] : []),
    ],
    containers: [...spec.containers, ...(proxy.native ? [] : [container])],
    volumes: [...(spec.volumes ?? []), ...volumes],
  };
}

function proxyContainer({ controlPlane, trustDomain, anchors, identityAddress }: Proxy): Container {
  const identityOf = (account: string) =>
    `${account}.${controlPlane}.serviceaccount.identity.${controlPlane}.${trustDomain}`;
  return {
    name: "linkerd-proxy",
    image: proxyImage,
    env: [
      { name: "_pod_name", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "_pod_ns", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "_pod_sa", valueFrom: { fieldRef: { fieldPath: "spec.serviceAccountName" } } },
      { name: "_l5d_ns", value: controlPlane },
      { name: "_l5d_trustdomain", value: trustDomain },
      {
        name: "LINKERD2_PROXY_LOG",
        value: "warn,linkerd=info,hickory=error,[{headers}]=off,[{request}]=off",
      },
      {
        name: "LINKERD2_PROXY_DESTINATION_SVC_ADDR",
        value: `linkerd-dst-headless.${controlPlane}.svc.cluster.local.:8086`,
      },
      {
        name: "LINKERD2_PROXY_POLICY_SVC_ADDR",
        value: `linkerd-policy.${controlPlane}.svc.cluster.local.:8090`,
      },
      { name: "LINKERD2_PROXY_IDENTITY_DIR", value: "/var/run/linkerd/identity/end-entity" },
      { name: trustAnchorsVariable, ...anchors },
      { name: "LINKERD2_PROXY_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/tokens/linkerd-identity-token" },
      {
        name: "LINKERD2_PROXY_IDENTITY_SVC_ADDR",
        value: identityAddress ?? `linkerd-identity-headless.${controlPlane}.svc.cluster.local.:8080`,
      },
      {
        name: "LINKERD2_PROXY_IDENTITY_LOCAL_NAME",
        value: `$(_pod_sa).$(_pod_ns).serviceaccount.identity.${controlPlane}.${trustDomain}`,
      },
      { name: "LINKERD2_PROXY_IDENTITY_SVC_NAME", value: identityOf("linkerd-identity") },
      { name: "LINKERD2_PROXY_DESTINATION_SVC_NAME", value: identityOf("linkerd-destination") },
      { name: "LINKERD2_PROXY_POLICY_SVC_NAME", value: identityOf("linkerd-destination") },
    ],
    ports: [
      { containerPort: 4143, name: "linkerd-proxy" },
      { containerPort: 4191, name: "linkerd-admin" },
    ],
    volumeMounts: [
      { mountPath: "/var/run/linkerd/identity/end-entity", name: "linkerd-identity-end-entity" },
      { mountPath: "/var/run/secrets/tokens", name: "linkerd-identity-token" },
    ],
  };
}

const initContainer: Container = {
  name: "linkerd-init",
  image: proxyImage,
  command: ["/usr/lib/linkerd/linkerd2-proxy-init"],
  args: ["--incoming-proxy-port", "4143", "--outgoing-proxy-port", "4140", "--proxy-uid", "2102"],
  volumeMounts: [{ mountPath: "/run", name: "linkerd-proxy-init-xtables-lock" }],
};

const token = { path: "linkerd-identity-token", expirationSeconds: 86400, audience: "identity.l5d.io" };

const volumes = [
  { name: "linkerd-proxy-init-xtables-lock", emptyDir: {} },
  { name: "linkerd-identity-end-entity", emptyDir: { medium: "Memory" } },
  { name: "linkerd-identity-token", projected: { sources: [{ serviceAccountToken: token }] } },
];
