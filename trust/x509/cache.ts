/** Remembers answers by key, at most so many, and of what is said to weigh something at most so much. */
export interface Cache<V> {
  get(key: string, compute: () => V, weight?: number): V;
}

/**
 * Kept are two halves: what was asked since the younger was begun, and what was
 * asked before that. When the younger is full, the elder is forgotten whole,
 * which leaves what is used with nothing to keep up to date.
 */
export function cache<V>(limit: number, heaviest = Number.POSITIVE_INFINITY): Cache<V> {
  let [younger, elder] = [new Map<string, V>(), new Map<string, V>()];
  let total = 0;
  return {
    get(key, compute, weight = 0) {
      const known = younger.get(key);
      if (known !== undefined) return known;
      const value = elder.get(key) ?? compute();
      if (weight > heaviest / 2) return value;
      if (younger.size >= limit / 2 || total + weight > heaviest / 2) {
        [younger, elder] = [new Map(), younger];
        total = 0;
      }
      younger.set(key, value);
      total += weight;
      return value;
    },
  };
}
