import type { X509Certificate } from "node:crypto";
import { fingerprintOf } from "./keyed.ts";
import type { Live } from "./plan.ts";

/** Knows how long authorities have been in the live caBundle, as this replica saw it. */
export interface Settling {
  observe(live: Live, authorities: readonly X509Certificate[]): void;
  settled(authority: X509Certificate): boolean;
}

/**
 * An API server learns of a new caBundle by its watch, a moment after we see
 * it. `elapsed` gives milliseconds that only grow, whatever the clock on the
 * wall does. After a restart the wait begins anew: longer, never shorter.
 */
export function createSettling(settleMs: number, elapsed: () => number): Settling {
  let since = new Map<string, number>();
  let configured = true;
  return {
    observe(live, authorities) {
      configured = live.configured;
      const here = authorities.filter((authority) => live.holds(authority)).map(fingerprintOf);
      since = new Map(here.map((fingerprint) => [fingerprint, since.get(fingerprint) ?? elapsed()]));
    },
    settled(authority) {
      const from = since.get(fingerprintOf(authority));
      return !configured || (from !== undefined && elapsed() - from >= settleMs);
    },
  };
}
