/** Finds the constraint that covers a name, as text for a message, or nothing. */
export type Constraints<V> = (name: V) => string | undefined;

/**
 * Go's nameConstraintsSet (crypto/x509 constraints.go): the constraints
 * sorted, each dropped that the one kept before it includes; a name is then
 * compared with its nearest neighbour only. That is Go's very answer, also
 * where the neighbour is not the only one that could match.
 */
export function nearestOf<T, V>(
  constraints: readonly T[],
  compare: (a: T, b: T) => number,
  includes: (a: T, b: T) => boolean,
  order: (constraint: T, name: V) => number,
  matches: (constraint: T, name: V) => boolean,
): (name: V) => T | undefined {
  const kept: T[] = [];
  for (const constraint of constraints.toSorted(compare)) {
    const last = kept[kept.length - 1];
    if (last === undefined || !includes(last, constraint)) kept.push(constraint);
  }
  return (name) => {
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const constraint = kept[middle];
      if (constraint !== undefined && order(constraint, name) < 0) low = middle + 1;
      else high = middle;
    }
    const exact = kept[low];
    if (exact !== undefined && order(exact, name) === 0) return exact;
    const nearest = kept[Math.max(low - 1, 0)];
    return nearest !== undefined && matches(nearest, name) ? nearest : undefined;
  };
}
