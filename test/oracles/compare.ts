import { type Disagreement, disagreements } from "./agreement.ts";
import { type Case, cases } from "./cases.ts";
import type { Oracles } from "./oracles.ts";

export interface Found {
  readonly asked: Case;
  readonly differences: readonly Disagreement[];
}

export interface Comparison {
  readonly compared: number;
  /** How many cases were asked of each group, by the first words of their labels. */
  readonly groups: ReadonlyMap<string, number>;
  readonly found: readonly Found[];
}

/** Puts that many cases to the core and to the oracles, or as many as the time allows. */
export async function compareMany(
  oracles: Oracles,
  seed: number,
  count: number,
  seconds: number,
): Promise<Comparison> {
  const supply = cases(seed);
  const until = performance.now() + seconds * 1000;
  const groups = new Map<string, number>();
  const found: Found[] = [];
  let compared = 0;
  let batch = take(supply, Math.min(batchSize, count));
  let answers = oracles.judge(batch);
  while (batch.length > 0) {
    const [asked, answered] = [batch, await answers];
    compared += asked.length;
    batch = performance.now() < until ? take(supply, Math.min(batchSize, count - compared)) : [];
    answers = oracles.judge(batch); // they work while we do
    for (const [i, each] of asked.entries()) {
      const group = groupOf(each);
      groups.set(group, (groups.get(group) ?? 0) + 1);
      const differences = disagreements(each, answered[i] ?? {});
      if (differences.length > 0) found.push({ asked: each, differences });
    }
  }
  return { compared, groups, found };
}

export const groupOf = ({ label }: Case): string => label.split(":")[0] ?? label;

const batchSize = 250;

function take(supply: Iterator<Case, never>, count: number): Case[] {
  return Array.from({ length: count }, () => supply.next().value);
}
