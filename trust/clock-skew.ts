/** Certificates are minted elsewhere: one dated up to a minute ahead of our clock is no mistake. */
export const clockSkewMs = 60_000;

/** Whether a certificate dated ahead of our clock is ahead by no more than clocks differ. */
export function withinClockSkew(notBefore: Date, now: Date): boolean {
  return notBefore.getTime() - now.getTime() <= clockSkewMs;
}
