/** Remembers the answers used last, at most `limit` of them. */
export interface Cache<V> {
  get(key: string, compute: () => V): V;
}

export function cache<V>(limit: number): Cache<V> {
  const kept = new Map<string, V>();
  return {
    get(key, compute) {
      let value = kept.get(key);
      // A Map keeps the order of insertion: what is used again goes to the end.
      if (value !== undefined) kept.delete(key);
      else value = compute();
      kept.set(key, value);
      if (kept.size > limit) for (const oldest of kept.keys()) return forget(oldest, value);
      return value;
    },
  };

  function forget(key: string, value: V): V {
    kept.delete(key);
    return value;
  }
}
