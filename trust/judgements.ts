import type { Facts, Issuer, MeshView, Thresholds } from "./facts.ts";
import type { Certificate } from "./x509/index.ts";

/** Every certificate once, in the order in which they first stand. */
export function distinct(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint, one])).values()];
}

/** An anchor is the same to a proxy when subject and key are the same: new dates are a renewal. */
export function sameAnchor(a: Certificate, b: Certificate): boolean {
  return a.keyFingerprint === b.keyFingerprint && a.subject === b.subject;
}

/** The anchors that the issuer's chains end in, as identity builds them. */
export function signersOf(issuer: Issuer | undefined): Certificate[] {
  return distinct((issuer?.byIdentity?.chains ?? []).flatMap((chain) => chain.slice(-1)));
}

/** Identity signs with this issuer: it is in date, its key fits, and no bundle says that it does not chain. */
export function works(issuer: Issuer | undefined, now: Date): boolean {
  if (issuer === undefined || issuer.key !== "matches") return false;
  return issuer.byIdentity?.ok !== false && issuer.certificate.notAfter >= now;
}

/** Less is left than the threshold, and it has not ended yet. */
export function endsSoon(certificate: Certificate, now: Date, thresholds: Thresholds): boolean {
  const left = certificate.notAfter.getTime() - now.getTime();
  const lifetime = certificate.notAfter.getTime() - certificate.notBefore.getTime();
  const soon = Math.min(lifetime * thresholds.remainingShare, thresholds.ceilingDays * 86_400_000);
  return left >= 0 && left < soon;
}

/** Proxies outside the control plane run, so losing either object is an outage. */
export function dependedOn(facts: Facts): boolean {
  return !facts.terminating && (facts.mesh?.proxies ?? 0) > 0;
}

/** Nobody runs that could lose anything: the mesh was looked at and is empty. */
export function unused(mesh: MeshView | undefined): boolean {
  return mesh !== undefined && mesh.proxies === 0 && mesh.identity === undefined;
}
