import { pageUrl } from "../pages.ts";
import {
  bundleHoldsNoDefaultCas,
  bundleOverlaps,
  bundleSelectorStays,
  bundleTargetIsRead,
} from "./bundles.ts";
import {
  anchorNotOnATimer,
  anchorOutlivesIssuer,
  certificateAlgorithmSupported,
  certificateIsCa,
  issuerNameDiffers,
  issuerRenewsInTime,
  issuerSignedByAnchor,
  issuerUsages,
  rotationPolicySet,
} from "./certificates.ts";
import type { OwnerFound, OwnerRule } from "./owner-rule.ts";
import type { Owners } from "./owners.ts";

/** Rules about those who make Linkerd's objects, in reading order. */
export const ownerRules: readonly OwnerRule[] = [
  anchorNotOnATimer,
  bundleOverlaps,
  bundleSelectorStays,
  bundleTargetIsRead,
  bundleHoldsNoDefaultCas,
  certificateIsCa,
  certificateAlgorithmSupported,
  issuerSignedByAnchor,
  anchorOutlivesIssuer,
  issuerUsages,
  rotationPolicySet,
  issuerNameDiffers,
  issuerRenewsInTime,
];

export interface OwnerFinding extends Required<OwnerFound> {
  readonly rule: OwnerRule;
}

/** Asks every rule; in their reading order. */
export function judgeOwners(owners: Owners): OwnerFinding[] {
  return ownerRules.flatMap((rule) =>
    rule.check(owners).map((found) => ({ rule, severity: rule.severity, ...found })),
  );
}

/** Where a rule about owners is explained to people. */
export function ownerDocsOf(id: string): string {
  return pageUrl("trust/owners/README.md", id);
}

export { openOwners } from "./owners.ts";
