import { parseDuration } from "../duration.ts";
import { fields, list, text } from "../fields.ts";
import type { BundleSpec, CertificateSpec, IssuerSpec, Source } from "./objects.ts";
import { selectorOf } from "./selector.ts";
import { trustSourcesOf } from "./trust-sources.ts";

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
  const sources = trustSourcesOf(source.object);
  return {
    source,
    sources: sources.filter(({ kind }) => kind !== "default CAs"),
    ...(target["configMap"] === undefined ? {} : { configMapKeys: keys }),
    defaultCAs: sources.some(({ kind }) => kind === "default CAs"),
    selector: selectorOf(target["namespaceSelector"]),
    sourcesField: isNew ? "sourceRefs" : "sources",
  };
}
