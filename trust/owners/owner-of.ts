import type { ManagedField, ObjectMeta } from "../gather/objects.ts";
import { printable } from "../harmless.ts";

/** Who writes an object again, over whatever somebody else writes there. */
export interface Owner {
  readonly kind: OwnerKind;
  /** Its own name for what it keeps: an Application, a Kustomization, a release, a Bundle, a Certificate. */
  readonly name: string;
  /** Where that is seen: 'annotation argocd.argoproj.io/tracking-id is "linkerd:…"'. */
  readonly evidence: string;
}

export type OwnerKind = "trust-manager" | "cert-manager" | "argo-cd" | "flux" | "helm" | "linkerd-cli";

/**
 * Who keeps an object, as its own metadata says; those who write it back within seconds or minutes first,
 * those who do so at the next upgrade last. Empty where it is nobody's but its writers'.
 * Labels are people's to copy, so what names another object, or is contradicted by the recorded field
 * managers, is no evidence.
 */
export function ownersOf(
  meta: ObjectMeta | undefined,
  managedFields: readonly ManagedField[] = meta?.managedFields ?? [],
): readonly Owner[] {
  const managers = managedFields.flatMap(({ manager }) => (manager === undefined ? [] : [manager]));
  const object: Signs = {
    meta: meta ?? {},
    labels: meta?.labels ?? {},
    annotations: meta?.annotations ?? {},
    managers,
  };
  return [trustManager, certManager, argoCd, flux, helm, linkerdCli].flatMap((find) => find(object) ?? []);
}

interface Signs {
  readonly meta: ObjectMeta;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly managers: readonly string[];
}

/** (trust-manager pkg/apis/trust/v1alpha1/types_bundle.go, pkg/bundle/internal/target) */
function trustManager({ meta, labels, managers }: Signs): Owner | undefined {
  const kind = "trust-manager";
  for (const key of ["trust.cert-manager.io/bundle", "trust-manager.io/bundle"]) {
    const name = labels[key];
    if (name !== undefined) return { kind, name, evidence: said("label", key, name) };
  }
  const owner = meta.ownerReferences?.find(({ kind }) => kind === "Bundle" || kind === "ClusterBundle");
  if (owner !== undefined)
    return { kind, name: owner.name, evidence: `it belongs to ${owner.kind} ${owner.name}` };
  return managers.includes("trust-manager")
    ? { kind, name: meta.name ?? "", evidence: wrote("trust-manager") }
    : undefined;
}

/** (cert-manager pkg/apis/certmanager/v1/types.go) */
function certManager({ annotations }: Signs): Owner | undefined {
  const key = "cert-manager.io/certificate-name";
  const name = annotations[key];
  return name === undefined
    ? undefined
    : { kind: "cert-manager", name, evidence: said("annotation", key, name) };
}

/** The tracking id is "APP:GROUP/KIND:NAMESPACE/NAME" (argo-cd util/argo/resource_tracking.go). */
function argoCd({ meta, labels, annotations, managers }: Signs): Owner | undefined {
  const kind = "argo-cd";
  const tracking = "argocd.argoproj.io/tracking-id";
  const id = annotations[tracking];
  const [app = "", , object] = id?.split(":") ?? [];
  const own = meta.name === undefined || object === `${meta.namespace ?? ""}/${meta.name}`;
  if (id !== undefined && own) return { kind, name: app, evidence: said("annotation", tracking, id) };
  const manager = managers.find((one) => one.startsWith("argocd-"));
  for (const key of ["argocd.argoproj.io/instance", "app.kubernetes.io/instance"]) {
    const name = labels[key];
    // The second is everybody's: charts set it to the release's name.
    const telling = key.startsWith("argocd") || manager !== undefined;
    if (name !== undefined && telling) return { kind, name, evidence: said("label", key, name) };
  }
  return undefined;
}

/** (kustomize-controller and helm-controller set them on all that they apply) */
function flux({ labels, annotations }: Signs): Owner | undefined {
  const ssa = annotations["kustomize.toolkit.fluxcd.io/ssa"]?.toLowerCase();
  const off = annotations["kustomize.toolkit.fluxcd.io/reconcile"] === "disabled";
  const leaves = off || ssa === "ignore" || ssa === "ifnotpresent";
  for (const [toolkit, kind] of [
    ["kustomize", "Kustomization"],
    ["helm", "HelmRelease"],
  ] as const) {
    const key = `${toolkit}.toolkit.fluxcd.io/name`;
    const name = labels[key];
    if (name === undefined || (leaves && toolkit === "kustomize")) continue;
    const namespace = labels[`${toolkit}.toolkit.fluxcd.io/namespace`];
    const full = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    return { kind: "flux", name: full, evidence: said("label", key, name) };
  }
  return undefined;
}

/** (helm pkg/action/validate.go; where a chart was rendered and applied by others, Linkerd's own annotation) */
function helm({ annotations, managers }: Signs): Owner | undefined {
  const key = "meta.helm.sh/release-name";
  const name = annotations[key];
  if (name !== undefined) return { kind: "helm", name, evidence: said("annotation", key, name) };
  const by = annotations[createdBy];
  if (by?.startsWith("linkerd/helm") !== true && !managers.includes("helm")) return undefined;
  const evidence = by === undefined ? wrote("helm") : said("annotation", createdBy, by);
  return { kind: "helm", name: "", evidence };
}

/** (linkerd2 charts/partials/templates/_metadata.tpl) */
function linkerdCli({ annotations }: Signs): Owner | undefined {
  const by = annotations[createdBy];
  return by?.startsWith("linkerd/cli") === true
    ? { kind: "linkerd-cli", name: "linkerd", evidence: said("annotation", createdBy, by) }
    : undefined;
}

const createdBy = "linkerd.io/created-by";

const said = (what: "label" | "annotation", key: string, value: string): string =>
  `${what} ${key} is "${printable(value, 120)}"`;
const wrote = (manager: string): string => `${manager} is recorded as a writer of it`;
