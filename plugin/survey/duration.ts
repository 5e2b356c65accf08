import { goUnits, parseDuration } from "../../trust/duration.ts";

const dayMs = 86_400_000;
const units: ReadonlyMap<string, number> = new Map([...goUnits, ["d", dayMs], ["y", 365 * dayMs]]);

/** "10s", "1h30m", "60d" in milliseconds: Go's durations, and days and years. Undefined where it is none. */
export function durationMs(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000; // kubectl's --request-timeout: seconds
  return parseDuration(text, units);
}

/** For people: "47 days", "5 hours", "12 minutes". */
export function spoken(ms: number): string {
  const size = Math.abs(ms);
  const [amount, unit] =
    size >= 730 * dayMs
      ? [size / (365 * dayMs), "year"]
      : size >= 2 * dayMs
        ? [size / dayMs, "day"]
        : size >= 7_200_000
          ? [size / 3_600_000, "hour"]
          : [size / 60_000, "minute"];
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
