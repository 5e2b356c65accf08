import { type Disagreement, disagreements, parsingDisagreement } from "./agreement.ts";
import { type Case, cases, type Kind } from "./cases.ts";
import { ders } from "./generator/ders.ts";
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

export interface Limits {
  readonly seed: number;
  readonly count: number;
  readonly seconds: number;
}

/** Puts that many cases to the core and to the oracles, or as many as the time allows. */
export async function compareMany(
  oracles: Oracles,
  { seed, count, seconds }: Limits,
  kind?: Kind,
): Promise<Comparison> {
  const supply = cases(seed, kind);
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

/** Has the core and Go parse that many single certificates. */
export async function compareParsing(oracles: Oracles, { seed, count, seconds }: Limits) {
  const supply = ders(seed);
  const until = performance.now() + seconds * 1000;
  const found: { readonly label: string; readonly der: Buffer; readonly difference: Disagreement }[] = [];
  let compared = 0;
  while (compared < count && performance.now() < until) {
    const batch = Array.from({ length: batchSize }, () => supply.next().value);
    const answers = await oracles.parse(batch.map(({ der }) => der));
    for (const [i, answer] of answers.entries()) {
      const { der, label } = batch[i] ?? { der: Buffer.alloc(0), label: "" };
      const difference = parsingDisagreement(der, answer);
      if (difference) found.push({ label, der, difference });
    }
    compared += batch.length;
  }
  return { compared, found };
}

export const groupOf = ({ label }: Case): string => label.split(":")[0] ?? label;

const batchSize = 250;

function take(supply: Iterator<Case, never>, count: number): Case[] {
  return Array.from({ length: count }, () => supply.next().value);
}
