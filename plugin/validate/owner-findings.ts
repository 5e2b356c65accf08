import { judgeOwners, openOwners, ownerDocsOf } from "../../trust/owners/index.ts";
import { called, type Manifest } from "../manifest/manifest.ts";
import type { ManifestFinding } from "./finding.ts";

/** What cert-manager and trust-manager would make of the manifests that Linkerd refuses, or that breaks on a timer. */
export function ownerFindings(manifests: readonly Manifest[], namespace: string): ManifestFinding[] {
  return judgeOwners(openOwners(manifests, namespace)).flatMap(
    ({ rule, severity, source, path, message }) => {
      // The sources are the manifests themselves.
      const manifest = manifests.find((one) => one === source);
      if (manifest === undefined) return [];
      return [
        {
          rule: rule.id,
          severity: severity === "deny" ? ("error" as const) : ("warning" as const),
          message,
          remedy: rule.remedy,
          docs: ownerDocsOf(rule.id),
          object: called(manifest),
          place: { file: manifest.place.file, line: manifest.lineOf(path) },
        },
      ];
    },
  );
}
