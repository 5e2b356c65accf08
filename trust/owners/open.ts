import { parseDuration } from "../duration.ts";
import { fields, list, text } from "../fields.ts";
import type { BundleSource, BundleSpec, CertificateSpec, IssuerSpec, Selector, Source } from "./objects.ts";

const defaultDurationMs = 90 * 24 * 3_600_000;

/** (cert-manager pkg/apis/certmanager/v1/types_certificate.go) */
export function openCertificateSpec(source: Source): CertificateSpec {
  const spec = fields(fields(source.object)["spec"]);
  const key = fields(spec["privateKey"]);
  const issuer = fields(spec["issuerRef"]);
  const algorithm = text(key["algorithm"]) || "RSA";
  const lifetime = parseDuration(spec["duration"]) ?? defaultDurationMs;
  const share =
    typeof spec["renewBeforePercentage"] === "number" ? spec["renewBeforePercentage"] / 100 : 1 / 3;
  const size = key["size"];
  const rotationPolicy = text(key["rotationPolicy"]);
  return {
    source,
    secretName: text(spec["secretName"]),
    durationMs: lifetime,
    renewBeforeMs: parseDuration(spec["renewBefore"]) ?? lifetime * share,
    isCA: spec["isCA"] === true,
    algorithm,
    size: typeof size === "number" && size !== 0 ? size : algorithm === "ECDSA" ? 256 : 2048,
    ...(rotationPolicy === "" ? {} : { rotationPolicy }),
    usages: list(spec["usages"]).map(text),
    commonName: text(spec["commonName"]),
    issuer: { kind: text(issuer["kind"]) || "Issuer", name: text(issuer["name"]) },
  };
}

/** (cert-manager pkg/apis/certmanager/v1/types_issuer.go) */
export function openIssuerSpec(source: Source): IssuerSpec {
  const spec = fields(fields(source.object)["spec"]);
  const caSecret = text(fields(spec["ca"])["secretName"]);
  return { source, selfSigned: spec["selfSigned"] !== undefined, ...(caSecret === "" ? {} : { caSecret }) };
}

/** (trust-manager pkg/apis/trust/v1alpha1, pkg/apis/trustmanager/v1alpha2) */
export function openBundleSpec(source: Source): BundleSpec {
  const spec = fields(fields(source.object)["spec"]);
  const target = fields(spec["target"]);
  const configMap = fields(target["configMap"]);
  const isNew = source.kind === "ClusterBundle";
  const data = list(configMap["data"]).map((one) => text(fields(one)["key"]));
  const keys = isNew ? data : [text(configMap["key"])];
  const inLine = isNew && text(spec["inLineCAs"]) !== "" ? [{ kind: "text" } as const] : [];
  return {
    source,
    sources: isNew
      ? [...list(spec["sourceRefs"]).map(newSource), ...inLine]
      : list(spec["sources"]).flatMap(oldSource),
    ...(target["configMap"] === undefined ? {} : { configMapKeys: keys }),
    defaultCAs: isNew
      ? text(fields(spec["defaultCAs"])["provider"]) === "System"
      : list(spec["sources"]).some((one) => fields(one)["useDefaultCAs"] === true),
    selector: selectorOf(target["namespaceSelector"]),
    sourcesField: isNew ? "sourceRefs" : "sources",
  };
}

function oldSource(one: unknown): BundleSource[] {
  const { secret, configMap, inLine } = fields(one);
  if (secret !== undefined) return [{ kind: "Secret", ...nameOf(secret) }];
  if (configMap !== undefined) return [{ kind: "ConfigMap", ...nameOf(configMap) }];
  return inLine === undefined ? [] : [{ kind: "text" }];
}

function newSource(one: unknown): BundleSource {
  return { kind: fields(one)["kind"] === "Secret" ? "Secret" : "ConfigMap", ...nameOf(one) };
}

function nameOf(reference: unknown): { name?: string } {
  const name = text(fields(reference)["name"]);
  return name === "" ? {} : { name };
}

/** (meta/v1 LabelSelector) */
export function selectorOf(value: unknown): Selector {
  const { matchLabels, matchExpressions } = fields(value);
  return {
    labels: Object.fromEntries(Object.entries(fields(matchLabels)).map(([key, one]) => [key, text(one)])),
    expressions: list(matchExpressions).map((one) => {
      const { key, operator, values } = fields(one);
      return { key: text(key), operator: text(operator), values: list(values).map(text) };
    }),
  };
}
