import { pageUrl } from "../../trust/pages.ts";
import type { Settings, Suppression } from "./settings.ts";

/** What a suppression is held against: a finding as check or validate has it. */
export interface Suppressible {
  readonly rule: string;
  readonly message: string;
  readonly detail?: string;
  /** Undefined where it is not known: then no suppression of an object fits. */
  readonly object?: string;
}

/** The suppression that counts now for a finding; the nearest file's first. */
export function suppressionOf(
  finding: Suppressible,
  { suppressions }: Settings,
  now: Date,
): Suppression | undefined {
  return suppressions.find((one) => now < one.until && fits(one, finding));
}

function fits({ rule, object, fingerprint }: Suppression, finding: Suppressible): boolean {
  if (rule !== finding.rule) return false;
  if (object !== undefined && object !== finding.object) return false;
  // Messages name certificates by the first eight digits, details sometimes by all.
  const text = `${finding.message} ${finding.detail ?? ""}`;
  const named = [...text.matchAll(/\b[0-9a-f]{8,64}\b/g)].map(([digits]) => digits);
  return (
    fingerprint === undefined ||
    named.some((one) => one.startsWith(fingerprint) || fingerprint.startsWith(one))
  );
}

/** "suppressed until 2026-12-31: INC-123 (.linkerd-certs.yaml:7)" */
export function spokenSuppression({ until, reason, file, line }: Suppression): string {
  const day = new Date(until.getTime() - 1).toISOString().slice(0, 10);
  return `suppressed until ${day}: ${reason} (${file}:${line})`;
}

/** The suppressions that are over: each is a finding itself, so that nobody believes in it any more. */
export function expiredIn(
  { suppressions }: Settings,
  now: Date,
): { readonly message: string; readonly place: Suppression }[] {
  return suppressions
    .filter(({ until }) => until <= now)
    .map((place) => {
      const day = new Date(place.until.getTime() - 1).toISOString().slice(0, 10);
      return { message: `the suppression of ${place.rule} ended on ${day}: ${place.reason}`, place };
    });
}

/** What check and validate ask of the settings themselves. */
export const settingsRules = {
  "suppression-not-expired": {
    severity: "warn",
    summary: "no suppression of a finding has expired",
    breaks: "What it was there to hide for a while is shown again, and nobody has come back to it.",
    remedy: "Mend what it was about, or give it another date and the reason for that.",
  },
} as const;

export function settingsDocs(id: string): string {
  return pageUrl("docs/settings.md", id);
}
