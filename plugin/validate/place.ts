import { isRecord } from "../../trust/fields.ts";
import { bundleKey } from "../../trust/gather/trust-roots.ts";
import type { Finding } from "../../trust/judge.ts";
import type { Target } from "../../trust/judge-change.ts";
import { openCertificate } from "../../trust/x509/index.ts";
import type { Manifest, Path, Place } from "../manifest/manifest.ts";

/** The manifests of the guarded objects, of those that there are. */
export type Guarded = { readonly [T in Target]?: Manifest | undefined };

/** The object that a finding of the catalogue is about, and the line to go to. */
export function standsAt(
  finding: Finding,
  guarded: Guarded,
): { manifest: Manifest; place: Place } | undefined {
  const manifest = guarded[finding.about] ?? guarded.issuer ?? guarded["trust-roots"];
  if (manifest === undefined) return undefined;
  const line =
    manifest.kind === "ConfigMap" ? lineInBundle(finding, manifest) : lineInIssuer(finding, manifest);
  return { manifest, place: { file: manifest.place.file, line } };
}

function lineInBundle({ message, detail = "", rule }: Finding, manifest: Manifest): number {
  const line = Number(/ line (\d+)/.exec(`${message} ${detail}`)?.[1] ?? 0);
  const named = /\b(data|binaryData)\["([^"]+)"\]|annotation ([^\s:]+)/.exec(message);
  if (rule.id === "bundle-holds-no-key" && named !== null) {
    const [, field = "data", key, annotation] = named;
    const path =
      annotation === undefined ? [field, key ?? bundleKey] : ["metadata", "annotations", annotation];
    return manifest.lineWithin(path, line || 1);
  }
  const path = ["data", bundleKey];
  const print = /\(([0-9a-f]{8})\)/.exec(message)?.[1];
  const at = print === undefined ? undefined : lineOfAnchor(manifest, print);
  if (at !== undefined) return manifest.lineWithin(path, at);
  return line > 0 ? manifest.lineWithin(path, line) : manifest.lineOf(path);
}

/** On which line of the bundle the certificate with this short fingerprint begins. */
function lineOfAnchor(manifest: Manifest, print: string): number | undefined {
  const { data } = manifest.object;
  const text = isRecord(data) ? data[bundleKey] : undefined;
  if (typeof text !== "string") return undefined;
  for (const { 1: base64 = "", index } of text.matchAll(/^-----BEGIN CERTIFICATE-----([^-]*)-----END/gm)) {
    const certificate = openCertificate(Buffer.from(base64, "base64"));
    if (!("unreadable" in certificate) && certificate.fingerprint.startsWith(print))
      return text.slice(0, index).split("\n").length;
  }
  return undefined;
}

function lineInIssuer({ rule }: Finding, manifest: Manifest): number {
  const wanted = rule.id === "issuer-key-matches" ? ["tls.key", "key.pem"] : ["tls.crt", "crt.pem"];
  const keys = rule.id === "issuer-ca-crt-agrees" ? ["ca.crt"] : wanted;
  const paths = keys.flatMap((key): Path[] => [
    ["stringData", key],
    ["data", key],
  ]);
  const path = paths.find(([field = "", key = ""]) => {
    const map = manifest.object[field];
    return isRecord(map) && map[key] !== undefined;
  });
  return path === undefined ? manifest.place.line : manifest.lineOf(path);
}
