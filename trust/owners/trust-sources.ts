import { fields, list, text } from "../fields.ts";
import { flagOf } from "./flag-of.ts";
import type { Selector } from "./objects.ts";
import { selectorOf } from "./open.ts";

/** Something that trust-manager makes a bundle of. */
export type TrustSource =
  | ObjectSource
  /** Text in the Bundle itself. */
  | { readonly kind: "text"; readonly text: string }
  /** The public CAs that come with trust-manager: nothing in the cluster shows them. */
  | { readonly kind: "default CAs" };

/** Of trust-manager's trust namespace. */
export interface ObjectSource {
  readonly kind: "Secret" | "ConfigMap";
  /** Undefined where a selector chooses. */
  readonly name?: string;
  readonly selector?: Selector;
  /** May have "*" in it, as trust-manager.io/v1alpha2 has it; "*" is every key. */
  readonly key: string;
}

/** (trust-manager pkg/apis/trust/v1alpha1/types_bundle.go, pkg/apis/trustmanager/v1alpha2/types_cluster_bundle.go) */
export function trustSourcesOf(bundle: unknown): readonly TrustSource[] {
  const spec = fields(fields(bundle)["spec"]);
  const inLine = text(spec["inLineCAs"]);
  const system = text(fields(spec["defaultCAs"])["provider"]) === "System";
  return [
    ...list(spec["sources"]).flatMap(oldSource),
    ...list(spec["sourceRefs"]).flatMap((one) =>
      objectSource(fields(one)["kind"] === "Secret" ? "Secret" : "ConfigMap", one),
    ),
    ...(inLine === "" ? [] : [{ kind: "text", text: inLine } as const]),
    ...(system ? [{ kind: "default CAs" } as const] : []),
  ];
}

function oldSource(one: unknown): readonly TrustSource[] {
  const { secret, configMap, inLine, useDefaultCAs } = fields(one);
  if (secret !== undefined) return objectSource("Secret", secret);
  if (configMap !== undefined) return objectSource("ConfigMap", configMap);
  if (useDefaultCAs === true) return [{ kind: "default CAs" }];
  return text(inLine) === "" ? [] : [{ kind: "text", text: text(inLine) }];
}

function objectSource(kind: ObjectSource["kind"], reference: unknown): readonly ObjectSource[] {
  const { name, key, includeAllKeys, selector } = fields(reference);
  const keys = includeAllKeys === true ? "*" : text(key);
  if (keys === "") return [];
  if (text(name) !== "") return [{ kind, name: text(name), key: keys }];
  return selector === undefined ? [] : [{ kind, selector: selectorOf(selector), key: keys }];
}

/** As a list request takes it. */
export function labelSelectorOf({ labels, expressions }: Selector): string {
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...expressions.map(({ key, operator, values }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
    }),
  ].join(",");
}

/** Whether a source takes in this key of its object. */
export function takesKey({ key }: ObjectSource, one: string): boolean {
  if (!key.includes("*")) return key === one;
  if (one === "tls.key") return false; // trust-manager passes over it, and so do we
  const parts = key.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(one);
}

/** What trust-manager's chart sets, unless it is told otherwise. */
export const usualTrustNamespace = "cert-manager";

/** Where a Deployment of trust-manager reads its sources; undefined for any other Deployment. */
export const trustNamespaceIn = (deployment: unknown): string | undefined =>
  flagOf(deployment, "trust-namespace");
