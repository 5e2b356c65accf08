import { stringify } from "yaml";
import type { IssuerMaterial } from "../../../cluster/rotation/perform/context.ts";
import { issuerSecretName, layouts } from "../../../trust/gather/issuer-secret.ts";
import { bundleKey, trustRootsName } from "../../../trust/gather/trust-roots.ts";
import { type Certificate, certificatePem } from "../../../trust/x509/index.ts";

/** The first words of what this command has written, and may write anew. */
export const mark = "# Written by linkerd-certs rotate";

export interface Manifest {
  readonly name: string;
  readonly content: string;
  readonly what: string;
}

/** The same bundle in the forms in which GitOps repositories keep it. */
export function bundleManifests(
  anchors: readonly Certificate[],
  namespace: string,
  goal: string,
): readonly Manifest[] {
  // As Linkerd's chart has it: no newline at the end.
  const pem = anchors.map(certificatePem).join("").trimEnd();
  const head = `${mark}: ${goal}. Written anew for every stage.\n`;
  const labels = {
    "linkerd.io/control-plane-component": "identity",
    "linkerd.io/control-plane-ns": namespace,
  };
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: trustRootsName, namespace, labels },
    data: { [bundleKey]: pem },
  };
  const bundle = {
    apiVersion: "trust.cert-manager.io/v1alpha1",
    kind: "Bundle",
    metadata: { name: trustRootsName },
    spec: {
      sources: [{ inLine: `${pem}\n` }],
      target: {
        configMap: { key: bundleKey },
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      },
    },
  };
  const file = (name: string, value: object, what: string) => ({
    name,
    content: head + stringify(value, { lineWidth: 0 }),
    what,
  });
  return [
    file("trust-roots.yaml", configMap, `ConfigMap ${trustRootsName}, where Git holds it itself`),
    file("values.yaml", { identityTrustAnchorsPEM: `${pem}\n` }, "Helm values of linkerd-control-plane"),
    file(
      "trust-manager-bundle.yaml",
      bundle,
      "trust-manager's Bundle with these anchors: take its inLine source over into yours",
    ),
  ];
}

/** With the key: for its owner alone, until it is sealed. */
export function issuerManifest(
  { chainPem, keyPem }: IssuerMaterial,
  scheme: keyof typeof layouts,
  namespace: string,
  anchors: readonly Certificate[],
): string {
  const layout = layouts[scheme];
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    type: scheme === "kubernetes.io/tls" ? scheme : "Opaque",
    metadata: { name: issuerSecretName, namespace },
    stringData: {
      [layout.certificate]: chainPem,
      [layout.key]: keyPem,
      ...(scheme === "kubernetes.io/tls" ? { "ca.crt": anchors.map(certificatePem).join("") } : {}),
    },
  };
  return `${mark}: holds a private key. Seal it before it goes into Git.\n${stringify(secret, { lineWidth: 0 })}`;
}
