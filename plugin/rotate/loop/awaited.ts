import type { Standing } from "./standing.ts";

/**
 * The latest of the known ends of what was waited for that have come, in
 * milliseconds; zero before any has. What comes after such an end has all the
 * time that it may take: it could not begin before. To be asked of everything
 * that is seen, in its order.
 */
export function awaited(): (standings: readonly Standing[], now: number) => number {
  const expected = new Set<number>();
  let come = 0;
  return (standings, now) => {
    for (const { plan } of standings)
      for (const { until } of plan?.waits ?? []) if (until !== undefined) expected.add(until.getTime());
    for (const end of expected) {
      if (end > now) continue;
      expected.delete(end);
      come = Math.max(come, end);
    }
    return come;
  };
}
