import { sameAnchor } from "../judgements.ts";
import type { Certificate } from "../x509/index.ts";

type Anchors = readonly Certificate[];

/** Those of `wanted` that a proxy with `held` does not trust. */
export function lacking(held: Anchors, wanted: Anchors): Certificate[] {
  return wanted.filter((anchor) => !trusts(held, anchor));
}

/** A proxy with `held` trusts what this anchor signs. */
export function trusts(held: Anchors, anchor: Certificate): boolean {
  return held.some((one) => sameAnchor(one, anchor));
}

/** A proxy with `held` trusts what one of these signs. */
export function trustsAny(held: Anchors, anchors: Anchors): boolean {
  return anchors.some((anchor) => trusts(held, anchor));
}

/** Both are the same to a proxy. */
export function equalTrust(a: Anchors, b: Anchors): boolean {
  return lacking(a, b).length === 0 && lacking(b, a).length === 0;
}

/** Those of `anchors` that are not among `others`, byte for byte: to identity, other dates are another anchor. */
export function without(anchors: Anchors, others: Anchors): Certificate[] {
  const left = new Set(others.map(({ fingerprint }) => fingerprint));
  return anchors.filter(({ fingerprint }) => !left.has(fingerprint));
}

/** Those that are in date and newer than all that signs now: nothing is signed by them yet. None where nothing signs. */
export function comingAfter(signers: Anchors, anchors: Anchors, now: Date): Certificate[] {
  if (signers.length === 0) return [];
  return anchors.filter((one) => isInDate(one, now) && signers.every((signer) => isAfter(one, signer)));
}

export const isInDate = ({ notBefore, notAfter }: Certificate, now: Date): boolean =>
  notBefore <= now && notAfter >= now;

/** Another anchor, made later. */
export function isAfter(one: Certificate, other: Certificate): boolean {
  return !sameAnchor(one, other) && one.notBefore > other.notBefore;
}
