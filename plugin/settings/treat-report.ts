import type { ManifestFinding } from "../validate/finding.ts";
import type { Settings } from "./settings.ts";
import { expiredIn, settingsDocs, settingsRules, spokenSuppression, suppressionOf } from "./suppress.ts";

export interface SuppressedManifestFinding extends ManifestFinding {
  /** By what, until when and why. */
  readonly suppressed: string;
}

export interface Treated {
  readonly findings: readonly ManifestFinding[];
  readonly suppressed: readonly SuppressedManifestFinding[];
}

/** What validate found, as the settings want it; an expired suppression is a finding at its own line. */
export function treatFindings(found: readonly ManifestFinding[], settings: Settings, now: Date): Treated {
  const suppressed: SuppressedManifestFinding[] = [];
  const findings = found.flatMap((finding) => {
    const weight = settings.rules.get(finding.rule)?.severity;
    if (weight === "off") return [];
    const by = suppressionOf(finding, settings, now);
    if (by !== undefined) {
      suppressed.push({ ...finding, suppressed: spokenSuppression(by) });
      return [];
    }
    if (weight === undefined) return [finding];
    return [{ ...finding, severity: weight === "deny" ? ("error" as const) : ("warning" as const) }];
  });
  const id = "suppression-not-expired";
  const { remedy } = settingsRules[id];
  const expired = expiredIn(settings, now).map(
    ({ message, place }): ManifestFinding => ({
      rule: id,
      severity: "warning",
      message,
      remedy,
      docs: settingsDocs(id),
      place: { file: place.file, line: place.line },
    }),
  );
  return { findings: [...findings, ...expired], suppressed };
}
