import type { Scheme } from "../../trust/facts.ts";
import { layouts } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { after, bundle, day, type Minted } from "../certificates/index.ts";

/** When the objects of a healthy mesh were last written. */
export const written = after(-20 * day);

export function trustRoots(content: readonly Minted[] | string, at = written): ConfigMap {
  return {
    metadata: metadata("linkerd-identity-trust-roots", ["ca-bundle.crt"], at),
    data: { "ca-bundle.crt": typeof content === "string" ? content : bundle(...content) },
  };
}

/** The issuer's Secret as cert-manager writes it: the issuer's chain and the key of its first certificate. */
export function issuerSecret(
  chain: Minted | readonly Minted[],
  scheme: Scheme = "kubernetes.io/tls",
  spoil: Readonly<Record<string, string | undefined>> = {},
): Secret {
  const certificates = "pem" in chain ? [chain] : chain;
  const { certificate, key } = layouts[scheme];
  const plain = { [certificate]: bundle(...certificates), [key]: certificates[0]?.keyPem, ...spoil };
  const filled = Object.entries(plain).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    metadata: metadata("linkerd-identity-issuer", Object.keys(plain), written),
    type: scheme === "kubernetes.io/tls" ? scheme : "Opaque",
    data: Object.fromEntries(filled.map(([name, text]) => [name, Buffer.from(text).toString("base64")])),
  };
}

/** ConfigMap linkerd-config of an install whose anchors come from outside, unless its values say otherwise. */
export function linkerdConfig(values: Readonly<Record<string, unknown>> = {}): ConfigMap {
  const all = {
    identityTrustDomain: "cluster.local",
    identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
    ...values,
  };
  // JSON is YAML.
  return { metadata: metadata("linkerd-config", ["values"], written), data: { values: JSON.stringify(all) } };
}

export function metadata(name: string, keys: readonly string[], at: Date) {
  const fields = Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  return {
    name,
    namespace: "linkerd",
    creationTimestamp: after(-30 * day).toISOString(),
    managedFields: [{ manager: "trust-manager", time: at.toISOString(), fieldsV1: { "f:data": fields } }],
  };
}

export function annotated<T extends ConfigMap | Secret>(object: T, annotations: Record<string, string>): T {
  return { ...object, metadata: { ...object.metadata, annotations } };
}
