/** One thing measured, of both where both have it. */
export interface Figure {
  readonly section: Section;
  readonly what: string;
  readonly unit: "req/s" | "ms" | "MiB";
  readonly guard: number;
  readonly peer?: number;
  readonly goal?: Goal;
}

/** What the guard promises, as a ratio to the peer in the same run or as a figure of its own. */
export type Goal =
  | { readonly kind: "ratio at most" | "ratio at least"; readonly limit: number }
  | { readonly kind: "at most"; readonly limit: number };

export const sections = ["throughput", "latency", "memory", "start", "judge", "plugin", "rotation"] as const;
export type Section = (typeof sections)[number];

/** The guard's share of the peer's; undefined where the peer was not measured, or nothing above noise. */
export function ratioOf({ guard, peer }: Figure): number | undefined {
  return peer === undefined || peer <= 0 ? undefined : guard / peer;
}

/** Undefined where there is no goal, or nothing to hold against it. */
export function isMet(figure: Figure): boolean | undefined {
  const { goal } = figure;
  if (goal === undefined) return undefined;
  if (goal.kind === "at most") return figure.guard <= goal.limit;
  const ratio = ratioOf(figure);
  if (ratio === undefined) return undefined;
  return goal.kind === "ratio at most" ? ratio <= goal.limit : ratio >= goal.limit;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
