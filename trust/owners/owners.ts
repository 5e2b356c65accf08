import { fields, text } from "../fields.ts";
import { issuerSecretName } from "../gather/issuer-secret.ts";
import { trustRootsName } from "../gather/trust-roots.ts";
import type { BundleSpec, CertificateSpec, IssuerSpec, Source } from "./objects.ts";
import { openBundleSpec, openCertificateSpec, openIssuerSpec } from "./open.ts";
import { secretNamed } from "./trust-sources.ts";

/** Who will make Linkerd's two objects, as far as the manifests say. */
export interface Owners {
  /** Linkerd's own namespace. */
  readonly namespace: string;
  /** Certificates whose Secret is Linkerd's issuer. */
  readonly issuers: readonly CertificateSpec[];
  /** Certificates whose Secret becomes an anchor. */
  readonly anchors: readonly CertificateSpec[];
  /** The Bundles whose target is Linkerd's trust bundle. */
  readonly bundles: readonly BundleSpec[];
  /** What an issuer's Certificate is signed by; undefined where no manifest says. */
  signerOf(certificate: CertificateSpec): IssuerSpec | undefined;
  /** The labels of Linkerd's Namespace; undefined where no manifest has it. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** What the docs call the anchor's Secret, wherever nothing else tells which one it is. */
const usualAnchorSecret = "linkerd-trust-anchor";

/** Finds among objects those that make the two of Linkerd's in that namespace. */
export function openOwners(sources: readonly Source[], namespace: string): Owners {
  const ofGroup = (group: string, ...kinds: string[]) =>
    sources.filter((one) => one.apiVersion.startsWith(`${group}/`) && kinds.includes(one.kind));
  const certificates = ofGroup("cert-manager.io", "Certificate").map(openCertificateSpec);
  const signers = ofGroup("cert-manager.io", "Issuer", "ClusterIssuer").map(openIssuerSpec);
  const bundles = [
    ...ofGroup("trust.cert-manager.io", "Bundle"),
    ...ofGroup("trust-manager.io", "ClusterBundle"),
  ]
    .filter(({ name }) => name === trustRootsName)
    .map(openBundleSpec);
  const signerOf = ({ issuer, source }: CertificateSpec) =>
    signers.find(
      (one) =>
        one.source.kind === issuer.kind &&
        one.source.name === issuer.name &&
        (issuer.kind === "ClusterIssuer" || one.source.namespace === source.namespace),
    );
  const issuers = certificates.filter(
    ({ secretName, source }) =>
      secretName === issuerSecretName && (source.namespace ?? namespace) === namespace,
  );
  const anchorSecrets = new Set([
    usualAnchorSecret,
    ...bundles.flatMap((one) => one.sources.map(secretNamed)),
    ...issuers.map((one) => signerOf(one)?.caSecret),
  ]);
  const home = sources.find(({ kind, apiVersion, name }) => {
    return kind === "Namespace" && apiVersion === "v1" && name === namespace;
  });
  return {
    namespace,
    issuers,
    anchors: certificates.filter((one) => !issuers.includes(one) && anchorSecrets.has(one.secretName)),
    bundles,
    signerOf,
    ...(home === undefined ? {} : { namespaceLabels: labelsOf(home) }),
  };
}

function labelsOf({ object, name }: Source): Record<string, string> {
  const labels = fields(fields(fields(object)["metadata"])["labels"]);
  const own = Object.entries(labels).map(([key, value]): [string, string] => [key, text(value)]);
  return { ...Object.fromEntries(own), "kubernetes.io/metadata.name": name };
}
