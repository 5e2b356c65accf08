import { gather } from "../../trust/gather/gather.ts";
import { openInstallConfig } from "../../trust/gather/install-config.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import { type Finding, judge } from "../../trust/judge.ts";
import type { Target } from "../../trust/judge-change.ts";
import { docsOf, rules } from "../../trust/rules/index.ts";
import { called, type Manifest } from "../manifest/manifest.ts";
import { type ManifestFinding, manifestDocsOf, manifestRules } from "./finding.ts";
import { type Guarded, standsAt } from "./place.ts";
import { type Circumstances, isInstallConfig, targetOf } from "./predict.ts";
import { type Refused, settle } from "./settle.ts";

/** Judges the state that the manifests describe, with nothing known of a cluster. */
export function judgeManifests(
  manifests: readonly Manifest[],
  circumstances: Circumstances,
): ManifestFinding[] {
  const { namespace, now, policy } = circumstances;
  const last = (target: Target) => manifests.findLast((one) => targetOf(one, namespace) === target);
  const guarded: Guarded = { "trust-roots": last("trust-roots"), issuer: last("issuer") };
  const config = manifests.findLast((one) => isInstallConfig(one, namespace));
  const refused: ManifestFinding[] = [];
  const open = <T>(
    manifest: Manifest | undefined,
    opened: (manifest: Manifest) => T | Refused,
  ): T | undefined => {
    const object = manifest && opened(manifest);
    // `opened` gives what `settle` does, and no object of Kubernetes has a message beside a path.
    if (manifest === undefined || !isRefused(object)) return object as T | undefined;
    refused.push(refusalOf(manifest, object));
    return undefined;
  };
  const trustRoots = open(guarded["trust-roots"], ({ object }) => settle("ConfigMap", object));
  const issuer = open(guarded.issuer, ({ object }) => settle("Secret", object));
  const values = open(config, ({ object }) => settle("ConfigMap", object));
  const facts = gather({
    now,
    namespace,
    thresholds: policy.thresholds,
    ...(trustRoots === undefined ? {} : { trustRoots: openTrustRoots(trustRoots) }),
    ...(issuer === undefined ? {} : { issuerSecret: openIssuerSecret(issuer) }),
    ...(values === undefined ? {} : { install: openInstallConfig(values) }),
  });
  const { findings } = judge(rules, facts, policy);
  return [...refused, ...findings.flatMap((finding) => asManifestFinding(finding, guarded))];
}

/** A finding of the guard's rules, at the line of the manifest that it is about; none where no manifest is. */
export function asManifestFinding(finding: Finding, guarded: Guarded): ManifestFinding[] {
  const where = standsAt(finding, guarded);
  if (where === undefined) return [];
  return [
    {
      rule: finding.rule.id,
      severity: finding.severity === "deny" ? "error" : "warning",
      message: finding.message,
      ...(finding.detail === undefined ? {} : { detail: finding.detail }),
      remedy: finding.rule.remedy,
      docs: docsOf(finding.rule.id),
      object: called(where.manifest),
      place: where.place,
    },
  ];
}

/** What the API server itself would not take, as a finding. */
export function refusalOf(manifest: Manifest, { path, message }: Refused): ManifestFinding {
  const rule = "api-server-accepts";
  return {
    rule,
    severity: "error",
    message: `the API server refuses ${called(manifest)}: ${message}`,
    remedy: manifestRules[rule].remedy,
    docs: manifestDocsOf(rule),
    object: called(manifest),
    place: { file: manifest.place.file, line: manifest.lineOf(path) },
  };
}

function isRefused(object: unknown): object is Refused {
  return typeof object === "object" && object !== null && "message" in object && "path" in object;
}
