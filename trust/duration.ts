/** Go's units, in milliseconds; the two micro signs are U+00B5 and U+03BC. */
export const goUnits: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3],
  ["\u03bcs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/**
 * Milliseconds of a duration as Go reads it (time.ParseDuration): "24h0m0s",
 * "1.5h", "250ms", "0". Undefined for what Go refuses, and for a sign: nothing
 * here lasts less than no time.
 */
export function parseDuration(text: unknown, units = goUnits): number | undefined {
  if (text === "0") return 0;
  if (typeof text !== "string" || text === "") return undefined;
  let total = 0;
  let read = 0;
  // Sticky: ends where something stands that is no amount and unit.
  for (const [part, amount, unit = ""] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(\p{L}+)/guy)) {
    total += Number(amount) * (units.get(unit) ?? Number.NaN);
    read += part.length;
  }
  return read === text.length && !Number.isNaN(total) ? total : undefined;
}
