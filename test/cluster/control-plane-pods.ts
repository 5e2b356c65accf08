import type { Controller, Installation } from "./control-plane-objects.ts";
import type { Container, PodSpec } from "./objects.ts";
import { version, withProxy } from "./proxy.ts";

/** The pod of one of the three controllers, its proxy included. */
export function podSpec(install: Installation, controller: Controller): PodSpec {
  const { namespace = "linkerd", trustDomain = "cluster.local" } = install;
  const spec = {
    nodeSelector: { "kubernetes.io/os": "linux" },
    automountServiceAccountToken: false,
    serviceAccountName: `linkerd-${controller}`,
    containers: containers(install, controller),
    volumes: [...volumesOf[controller]],
  };
  const isIdentity = controller === "identity";
  return withProxy(spec, {
    controlPlane: namespace,
    trustDomain,
    native: !isIdentity,
    anchors: {
      valueFrom: { configMapKeyRef: { name: "linkerd-identity-trust-roots", key: "ca-bundle.crt" } },
    },
    ...(isIdentity ? { identityAddress: "localhost.:8080" } : {}),
  });
}

const trustRootsMount = { mountPath: "/var/run/linkerd/identity/trust-roots/", name: "trust-roots" };
const trustRootsVolume = { name: "trust-roots", configMap: { name: "linkerd-identity-trust-roots" } };

const volumesOf: Readonly<Record<Controller, NonNullable<PodSpec["volumes"]>>> = {
  identity: [
    { name: "identity-issuer", secret: { secretName: "linkerd-identity-issuer" } },
    trustRootsVolume,
  ],
  destination: [
    { name: "sp-tls", secret: { secretName: "linkerd-sp-validator-k8s-tls" } },
    { name: "policy-tls", secret: { secretName: "linkerd-policy-validator-k8s-tls" } },
  ],
  "proxy-injector": [
    { name: "config", configMap: { name: "linkerd-config" } },
    trustRootsVolume,
    { name: "tls", secret: { secretName: "linkerd-proxy-injector-k8s-tls" } },
  ],
};

function containers(install: Installation, controller: Controller): Container[] {
  const { namespace = "linkerd", trustDomain = "cluster.local", scheme = "linkerd.io/tls" } = install;
  const { issuanceLifetime = "24h0m0s" } = install;
  const own = `-controller-namespace=${namespace}`;
  switch (controller) {
    case "identity":
      return [
        {
          ...container(
            "identity",
            own,
            `-identity-trust-domain=${trustDomain}`,
            `-identity-issuance-lifetime=${issuanceLifetime}`,
            "-identity-clock-skew-allowance=20s",
            `-identity-scheme=${scheme}`,
          ),
          env: [{ name: "LINKERD_DISABLED", value: "linkerd-await cannot block the identity controller" }],
          ports: [
            { containerPort: 8080, name: "ident-grpc" },
            { containerPort: 9990, name: "ident-admin" },
          ],
          volumeMounts: [
            { mountPath: "/var/run/linkerd/identity/issuer", name: "identity-issuer" },
            trustRootsMount,
          ],
        },
      ];
    case "destination":
      return [
        container("destination", "-addr=:8086", own, `-identity-trust-domain=${trustDomain}`),
        container("sp-validator"),
        container("policy", `--control-plane-namespace=${namespace}`),
      ];
    case "proxy-injector":
      return [
        {
          ...container("proxy-injector", `-linkerd-namespace=${namespace}`),
          volumeMounts: [
            { mountPath: "/var/run/linkerd/config", name: "config" },
            trustRootsMount,
            { mountPath: "/var/run/linkerd/tls", name: "tls", readOnly: true },
          ],
        },
      ];
  }
}

function container(name: string, ...args: string[]): Container {
  return { name, image: `cr.l5d.io/linkerd/controller:${version}`, args: [name, "-log-level=info", ...args] };
}
