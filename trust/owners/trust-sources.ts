import { fields, list, text } from "../fields.ts";
import { flagOf } from "./flag-of.ts";
import { type Selector, selectorOf } from "./selector.ts";

/** Something that trust-manager makes a bundle of. */
export type TrustSource =
  | ObjectSource
  /** Text in the Bundle itself. */
  | { readonly kind: "text"; readonly text: string }
  /** The public CAs that come with trust-manager: nothing in the cluster shows them. */
  | { readonly kind: "default CAs" };

/** Of trust-manager's trust namespace. It refuses one with no key, or with neither name nor selector. */
export interface ObjectSource {
  readonly kind: "Secret" | "ConfigMap";
  /** Undefined where a selector chooses. */
  readonly name?: string;
  readonly selector?: Selector;
  /** May have "*" in it, as trust-manager.io/v1alpha2 has it; "*" is every key. */
  readonly key?: string;
}

/** (trust-manager pkg/apis/trust/v1alpha1/types_bundle.go, pkg/apis/trustmanager/v1alpha2/types_cluster_bundle.go) */
export function trustSourcesOf(bundle: unknown): readonly TrustSource[] {
  const spec = fields(fields(bundle)["spec"]);
  const { provider } = fields(spec["defaultCAs"]);
  return [
    ...list(spec["sources"]).flatMap(oldSource),
    ...list(spec["sourceRefs"]).map((one) =>
      objectSource(fields(one)["kind"] === "Secret" ? "Secret" : "ConfigMap", one),
    ),
    ...textSource(spec["inLineCAs"]),
    ...(provider === "System" ? [{ kind: "default CAs" } as const] : []),
  ];
}

// trust-manager refuses two in one; what is there counts.
function oldSource(one: unknown): readonly TrustSource[] {
  const { secret, configMap, inLine, useDefaultCAs } = fields(one);
  return [
    ...(secret === undefined ? [] : [objectSource("Secret", secret)]),
    ...(configMap === undefined ? [] : [objectSource("ConfigMap", configMap)]),
    ...textSource(inLine),
    ...(useDefaultCAs === true ? [{ kind: "default CAs" } as const] : []),
  ];
}

function objectSource(kind: ObjectSource["kind"], reference: unknown): ObjectSource {
  const { name, key, includeAllKeys, selector } = fields(reference);
  const keys = includeAllKeys === true ? "*" : text(key);
  return {
    kind,
    ...(keys === "" ? {} : { key: keys }),
    ...(text(name) !== ""
      ? { name: text(name) }
      : selector === undefined
        ? {}
        : { selector: selectorOf(selector) }),
  };
}

const textSource = (value: unknown): readonly TrustSource[] =>
  text(value) === "" ? [] : [{ kind: "text", text: text(value) }];

/** The Secret that it is; undefined where it is none, or where a selector may choose several. */
export const secretNamed = (source: TrustSource): string | undefined =>
  source.kind === "Secret" ? source.name : undefined;

/** Whether it says what it takes, and of what. */
export function isWhole(source: TrustSource): boolean {
  if (source.kind === "text" || source.kind === "default CAs") return true;
  return source.key !== undefined && (source.name ?? source.selector) !== undefined;
}

/** Whether a source takes in this key of its object. */
export function takesKey({ key }: ObjectSource, one: string): boolean {
  if (!key?.includes("*")) return key === one;
  if (one === "tls.key") return false; // trust-manager passes over it, and so do we
  const parts = key.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(one);
}

/** What trust-manager's chart sets, unless it is told otherwise. */
export const usualTrustNamespace = "cert-manager";

/** Where a Deployment of trust-manager reads its sources; undefined for any other Deployment. */
export const trustNamespaceIn = (deployment: unknown): string | undefined =>
  flagOf(deployment, "trust-namespace");
