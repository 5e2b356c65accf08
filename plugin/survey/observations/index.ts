import { bundleAgreesWithOverrides, bundleAgreesWithSources } from "./copies.ts";
import { issuerTakenUp } from "./issuer-taken-up.ts";
import type { Observation } from "./observation.ts";
import { renewalsReady } from "./renewals-ready.ts";
import { webhookCertificatesLast, webhookCertificatesSound } from "./webhook-certificates.ts";

/** What check looks at beside the rules, in reading order within each group. */
export const observations: readonly Observation[] = [
  bundleAgreesWithOverrides,
  bundleAgreesWithSources,
  issuerTakenUp,
  renewalsReady,
  webhookCertificatesSound,
  webhookCertificatesLast,
];
