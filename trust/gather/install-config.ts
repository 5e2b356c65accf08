import { parse } from "yaml";
import type { InstallConfig, Scheme } from "../facts.ts";
import { type Fields, fields } from "../fields.ts";
import { readBundle } from "../x509/index.ts";
import type { ConfigMap } from "./objects.ts";

export const installConfigName = "linkerd-config";

/**
 * What ConfigMap linkerd-config says that the install holds: its `values` are
 * the chart's values as YAML (linkerd2 pkg/linkerd/values). An unreadable or
 * foreign document says nothing, so every field is optional.
 */
export function openInstallConfig(object: ConfigMap): InstallConfig {
  const values = readValues(object.data?.["values"]);
  const identity = fields(values["identity"]);
  const issuer = fields(identity["issuer"]);
  const anchors = text(values["identityTrustAnchorsPEM"]);
  const trustDomain = text(values["identityTrustDomain"]) ?? text(values["clusterDomain"]);
  const scheme = asScheme(issuer["scheme"]);
  return {
    ...(anchors === undefined || identity["externalCA"] === true ? {} : { anchors: readBundle(anchors) }),
    ...(trustDomain === undefined ? {} : { trustDomain }),
    ...(scheme === undefined ? {} : { scheme }),
  };
}

/** The layout of that name; undefined for any other text. */
export function asScheme(value: unknown): Scheme | undefined {
  return value === "linkerd.io/tls" || value === "kubernetes.io/tls" ? value : undefined;
}

function readValues(yaml: string | undefined): Fields {
  if (yaml === undefined) return {};
  try {
    return fields(parse(yaml, { logLevel: "silent" }));
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
