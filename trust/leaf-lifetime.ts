/** How long identity issues leaves for, unless it is told otherwise (linkerd2 pkg/identity). */
export const usualIssuanceMs = 24 * 3_600_000;

/** By how much it lets clocks differ. */
export const usualClockSkewMs = 20_000;

/** How long a leaf lives where identity does not say. */
export const usualLeafLifetimeMs = usualIssuanceMs + usualClockSkewMs;
