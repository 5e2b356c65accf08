import type { Thresholds } from "../../trust/facts.ts";
import { durationMs } from "./duration.ts";

/** "20%" of a certificate's lifetime, or a time: "60d". Undefined where it is neither. */
export function thresholdsOf(text: string): Thresholds | undefined {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined)
    return Number(share) > 100 ? undefined : { remainingShare: Number(share) / 100, ceilingDays: Infinity };
  const ms = durationMs(text);
  return ms === undefined ? undefined : { remainingShare: Infinity, ceilingDays: ms / 86_400_000 };
}
