/** Chance that repeats itself: the same seeds give the same run of choices. */
export interface Random {
  /** At least 0 and below 1. */
  next(): number;
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight from `[weight, value]` pairs. */
  weigh<T>(list: readonly (readonly [number, T])[]): T;
  shuffle<T>(list: readonly T[]): T[];
  bytes(length: number): Buffer;
}

export function random(...seeds: readonly number[]): Random {
  const next = sfc32(seeds);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError("nothing to pick from");
      return list[below(list.length)] as (typeof list)[number]; // below the length, which is not zero
    },
    weigh(list) {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      throw new RangeError("nothing to pick from");
    },
    shuffle(list) {
      const keyed = list.map((value) => ({ value, at: next() }));
      return keyed.sort((a, b) => a.at - b.at).map(({ value }) => value);
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

/** Chris Doty-Humphrey's small fast counting generator, warmed up over the seeds. */
function sfc32(seeds: readonly number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (const seed of seeds) {
    a ^= seed | 0;
    b ^= Math.floor(seed / 2 ** 32) | 0;
    for (let i = 0; i < 12; i++) next();
  }
  return next;
}
