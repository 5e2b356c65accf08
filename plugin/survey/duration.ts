const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 365 * 86_400_000,
};

/** "10s", "1h30m", "60d" in milliseconds: Go's durations, and days and years. Undefined where it is none. */
export function durationMs(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000; // kubectl's --request-timeout: seconds
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|y))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d|y)/g))
    total += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  return total;
}

const dayMs = 86_400_000;

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
