/**
 * Where a mesh stands on the way from one anchor to another. Read off the
 * cluster whenever it is asked for, and never stored.
 */
export type Stage = (typeof stages)[number];

export const stages = [
  /** Nothing has begun: the bundle holds only the outgoing anchor, and the issuer chains to it. */
  "settled",
  /** The bundle holds both, and somebody running trusts only the old. */
  "overlapping",
  /** Everybody running trusts both; the issuer is still the old one. */
  "overlapped",
  /** The issuer chains to the incoming anchor; somebody may hold a leaf of the old. */
  "reissued",
  /** No leaf of the old issuer is in use. */
  "released",
  /** The old anchor has left the bundle; somebody running still holds it. */
  "dropping",
  /** Nobody holds the old anchor any more. */
  "renewed",
] as const;
