import { stringify } from "yaml";
import { base64 } from "../base64.ts";
import { podSpec } from "./control-plane-pods.ts";
import { installedText, sha256 } from "./injected.ts";
import type { ConfigMap, KubeObject, Secret, Workload } from "./objects.ts";
import { version } from "./proxy.ts";

export interface Installation {
  readonly namespace?: string;
  readonly trustDomain?: string;
  /** PEM. */
  readonly bundle: string;
  readonly issuer: { readonly chainPem: string; readonly keyPem: string; readonly anchorPem?: string };
  readonly scheme?: "linkerd.io/tls" | "kubernetes.io/tls";
  /** trust-manager provides the bundle: `identity.externalCA`. */
  readonly externalCA?: boolean;
  readonly replicas?: number;
  /** How long a leaf lives, as Go writes durations: "24h0m0s". */
  readonly issuanceLifetime?: string;
}

export const controllers = ["identity", "destination", "proxy-injector"] as const;
export type Controller = (typeof controllers)[number];

const createdBy = { "linkerd.io/created-by": `linkerd/helm ${version}` };

/** What an installation of Linkerd's control plane leaves in the cluster, as far as trust is concerned. */
export function controlPlaneObjects(install: Installation): KubeObject[] {
  return [
    controlPlaneNamespace(install),
    ...controllers.map((controller) => serviceAccount(install, controller)),
    trustRoots(install),
    issuerSecret(install),
    linkerdConfig(install),
    ...controllers.map((controller) => deployment(install, controller)),
  ];
}

export function trustRoots(install: Installation): ConfigMap {
  const name = "linkerd-identity-trust-roots";
  const bySomebody = {
    namespace: install.namespace ?? "linkerd",
    labels: { "trust.cert-manager.io/bundle": name },
  };
  const metadata = { name, ...(install.externalCA ? bySomebody : owned(install, "identity")) };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { "ca-bundle.crt": installedText(install.bundle) },
  };
}

/** Under linkerd.io/tls the chart renders it (Opaque); under kubernetes.io/tls it is cert-manager's or a person's. */
export function issuerSecret(install: Installation): Secret {
  const { namespace = "linkerd", bundle, issuer, scheme = "linkerd.io/tls" } = install;
  const name = "linkerd-identity-issuer";
  if (scheme === "linkerd.io/tls") {
    const data = { "crt.pem": base64(issuer.chainPem.trim()), "key.pem": base64(issuer.keyPem.trim()) };
    return { apiVersion: "v1", kind: "Secret", metadata: { name, ...owned(install, "identity") }, data };
  }
  const anchor = issuer.anchorPem ?? bundle;
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name, namespace },
    data: { "tls.crt": base64(issuer.chainPem), "tls.key": base64(issuer.keyPem), "ca.crt": base64(anchor) },
  };
}

export function linkerdConfig(install: Installation): ConfigMap {
  const {
    trustDomain = "cluster.local",
    bundle,
    issuer,
    scheme = "linkerd.io/tls",
    externalCA = false,
  } = install;
  const values = {
    clusterDomain: "cluster.local",
    identity: {
      externalCA,
      issuer: {
        clockSkewAllowance: "20s",
        issuanceLifetime: install.issuanceLifetime ?? "24h0m0s",
        scheme,
        tls: { crtPEM: scheme === "linkerd.io/tls" ? issuer.chainPem : "" },
      },
      serviceAccountTokenProjection: true,
    },
    identityTrustAnchorsPEM: externalCA ? "" : bundle,
    identityTrustDomain: trustDomain,
    linkerdVersion: version,
    proxy: { nativeSidecar: true },
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "linkerd-config", ...owned(install, "controller") },
    data: { "linkerd-crds-chart-version": `linkerd-crds-${version}`, values: stringify(values) },
  };
}

function controlPlaneNamespace({ namespace = "linkerd" }: Installation): KubeObject {
  const labels = {
    "linkerd.io/is-control-plane": "true",
    "config.linkerd.io/admission-webhooks": "disabled",
    "linkerd.io/control-plane-ns": namespace,
    "pod-security.kubernetes.io/enforce": "privileged",
  };
  const annotations = { "linkerd.io/inject": "disabled" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels, annotations } };
}

function serviceAccount(install: Installation, controller: Controller): KubeObject {
  const metadata = { name: `linkerd-${controller}`, ...owned(install, controller) };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

function deployment(install: Installation, controller: Controller): Workload {
  const { namespace = "linkerd", replicas = 1, externalCA = false } = install;
  const labels = {
    "linkerd.io/control-plane-component": controller,
    "linkerd.io/control-plane-ns": namespace,
    "linkerd.io/proxy-deployment": `linkerd-${controller}`,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `linkerd-${controller}`, ...owned(install, controller) },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels, "linkerd.io/workload-ns": namespace },
          annotations: {
            ...createdBy,
            "linkerd.io/proxy-version": version,
            // The hash of the chart's value as it was typed, so rarely that of the injected pods.
            "linkerd.io/trust-root-sha256": sha256(externalCA ? "" : install.bundle),
          },
        },
        spec: podSpec(install, controller),
      },
    },
  };
}

function owned({ namespace = "linkerd" }: Installation, component: string) {
  const labels = {
    "linkerd.io/control-plane-component": component,
    "linkerd.io/control-plane-ns": namespace,
  };
  return { namespace, labels, annotations: { ...createdBy } };
}
