import { pageUrl } from "../pages.ts";
import type { Rule } from "../rule.ts";
import anchorAlgorithmSupported from "./anchor-algorithm-supported.ts";
import anchorAlreadyValid from "./anchor-already-valid.ts";
import anchorInUseKept from "./anchor-in-use-kept.ts";
import anchorIsCa from "./anchor-is-ca.ts";
import anchorIsSelfSigned from "./anchor-is-self-signed.ts";
import anchorNotExpired from "./anchor-not-expired.ts";
import anchorNotExpiringSoon from "./anchor-not-expiring-soon.ts";
import anchorOutlivesIssuer from "./anchor-outlives-issuer.ts";
import bundleAgreesWithConfig from "./bundle-agrees-with-config.ts";
import bundleFitsEnvironment from "./bundle-fits-environment.ts";
import bundleHasNoDuplicates from "./bundle-has-no-duplicates.ts";
import bundleHoldsNoKey from "./bundle-holds-no-key.ts";
import bundleIsTidy from "./bundle-is-tidy.ts";
import bundleOverlapsPrevious from "./bundle-overlaps-previous.ts";
import bundlePresent from "./bundle-present.ts";
import bundleReadsWhole from "./bundle-reads-whole.ts";
import controlPlaneFresh from "./control-plane-fresh.ts";
import issuerAlgorithmSupported from "./issuer-algorithm-supported.ts";
import issuerAllowsTrustDomain from "./issuer-allows-trust-domain.ts";
import issuerAlreadyValid from "./issuer-already-valid.ts";
import issuerCaCrtAgrees from "./issuer-ca-crt-agrees.ts";
import issuerChainsToAnchor from "./issuer-chains-to-anchor.ts";
import issuerIsCa from "./issuer-is-ca.ts";
import issuerIsNotAnAnchor from "./issuer-is-not-an-anchor.ts";
import issuerKeyMatches from "./issuer-key-matches.ts";
import issuerKnownToIdentity from "./issuer-known-to-identity.ts";
import issuerNameDiffersFromAnchor from "./issuer-name-differs-from-anchor.ts";
import issuerNotExpired from "./issuer-not-expired.ts";
import issuerNotExpiringSoon from "./issuer-not-expiring-soon.ts";
import issuerOutlivesLeaves from "./issuer-outlives-leaves.ts";
import issuerPresent from "./issuer-present.ts";
import issuerReadsWhole from "./issuer-reads-whole.ts";
import issuerSchemeMatches from "./issuer-scheme-matches.ts";
import issuerTrustedByProxies from "./issuer-trusted-by-proxies.ts";
import proxiesFresh from "./proxies-fresh.ts";
import trustIsMutable from "./trust-is-mutable.ts";
import trustNotDeleted from "./trust-not-deleted.ts";
import trustNotOverridden from "./trust-not-overridden.ts";

/** The catalogue, in reading order: what is worst, or explains the most, comes first. */
export const rules: readonly Rule[] = [
  trustNotDeleted,
  trustIsMutable,

  bundleHoldsNoKey,
  bundlePresent,
  bundleReadsWhole,
  bundleFitsEnvironment,
  bundleOverlapsPrevious,

  anchorIsCa,
  anchorAlgorithmSupported,
  anchorNotExpired,
  anchorInUseKept,

  issuerPresent,
  issuerSchemeMatches,
  issuerReadsWhole,
  issuerKeyMatches,
  issuerIsCa,
  issuerAlgorithmSupported,
  issuerNotExpired,
  issuerAlreadyValid,
  issuerChainsToAnchor,
  issuerAllowsTrustDomain,
  anchorOutlivesIssuer,
  issuerOutlivesLeaves,
  issuerKnownToIdentity,
  issuerTrustedByProxies,

  bundleHasNoDuplicates,
  bundleIsTidy,
  bundleAgreesWithConfig,
  anchorAlreadyValid,
  anchorNotExpiringSoon,
  anchorIsSelfSigned,
  issuerNotExpiringSoon,
  issuerIsNotAnAnchor,
  issuerNameDiffersFromAnchor,
  issuerCaCrtAgrees,
  trustNotOverridden,
  controlPlaneFresh,
  proxiesFresh,
];

/** Where a rule is explained to people: its section of the catalogue's README. */
export function docsOf(id: string): string {
  return pageUrl("trust/rules/README.md", id);
}
