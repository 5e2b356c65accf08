import { UsageError } from "../command.ts";
import { durationMs } from "../survey/duration.ts";

const moments = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** "87600h", "10y", "1d12h" or "2036-01-31T12:00:00Z" as a moment after now. */
export function parseUntil(flag: string, text: string, now: Date): Date {
  const until = momentOf(text, now);
  if (until === undefined || Number.isNaN(until.getTime()))
    throw new UsageError(
      `${flag} ${text}: must be a duration (8760h, 90d, 10y) or a moment (2036-01-31T12:00:00Z)`,
    );
  if (until <= now) throw new UsageError(`${flag} ${text}: must be in the future`);
  if (until.getUTCFullYear() > 9999)
    throw new UsageError(`${flag} ${text}: certificates end with the year 9999`);
  return until;
}

function momentOf(text: string, now: Date): Date | undefined {
  if (moments.test(text)) return new Date(text);
  // A bare number could be days as well as seconds.
  const ms = /^\d+$/.test(text) ? undefined : durationMs(text);
  return ms === undefined ? undefined : new Date(now.getTime() + ms);
}
