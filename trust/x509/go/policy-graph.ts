/** A policy at one depth of the chain (RFC 9618 section 5.1). */
export interface Node {
  readonly policy: string;
  expected: readonly string[];
  readonly parents: Set<Node>;
  readonly children: Set<Node>;
}

export interface PolicyGraph {
  readonly strata: Map<string, Node>[];
  /** Nodes of the stratum above, by each policy they expect. */
  byExpected: Map<string, Node[]>;
  leaf(policy: string): Node | undefined;
  insert(policy: string, parents: readonly Node[]): Node;
  remove(policy: string): void;
}

/** Go's policyGraph (crypto/x509 verify.go): one root, which holds any policy. */
export function newGraph(anyPolicy: string): PolicyGraph {
  const strata: Map<string, Node>[] = [new Map([[anyPolicy, node(anyPolicy, [])]])];
  const lowest = (): Map<string, Node> => strata[strata.length - 1] ?? new Map();
  return {
    strata,
    byExpected: new Map(),
    leaf: (policy) => lowest().get(policy),
    insert(policy, parents) {
      const inserted = node(policy, parents);
      lowest().set(policy, inserted);
      return inserted;
    },
    remove(policy) {
      const leaf = lowest().get(policy);
      for (const parent of leaf?.parents ?? []) if (leaf) parent.children.delete(leaf);
      lowest().delete(policy);
    },
  };
}

/** Goes down to the next certificate. */
export function deeper(graph: PolicyGraph): void {
  graph.byExpected = new Map();
  for (const above of graph.strata[graph.strata.length - 1]?.values() ?? []) {
    for (const expected of above.expected) {
      graph.byExpected.set(expected, [...(graph.byExpected.get(expected) ?? []), above]);
    }
  }
  graph.strata.push(new Map());
}

/** RFC 9618 section 5.3, step (d): the certificate's policies, below what expects them. */
export function addPolicies(
  graph: PolicyGraph,
  ids: readonly string[],
  anyPolicy: string,
  anyAllowed: boolean,
): void {
  const above = graph.strata[graph.strata.length - 2] ?? new Map<string, Node>();
  for (const policy of ids) {
    if (policy === anyPolicy) continue;
    const any = above.get(anyPolicy);
    const parents = graph.byExpected.get(policy) ?? (any ? [any] : []);
    if (parents.length > 0) graph.insert(policy, parents);
  }
  if (!anyAllowed || !ids.includes(anyPolicy)) return;
  const missing = new Map<string, Node[]>();
  for (const parent of above.values()) {
    for (const expected of parent.expected) {
      if (graph.leaf(expected) === undefined)
        missing.set(expected, [...(missing.get(expected) ?? []), parent]);
    }
  }
  for (const [policy, parents] of missing) graph.insert(policy, parents);
}

/** Drops what leads nowhere, from below; the root stays. */
export function prune(graph: PolicyGraph): void {
  for (let depth = graph.strata.length - 2; depth > 0; depth--) {
    const stratum = graph.strata[depth] ?? new Map<string, Node>();
    for (const [policy, dead] of stratum) {
      if (dead.children.size > 0) continue;
      for (const parent of dead.parents) parent.children.delete(dead);
      stratum.delete(policy);
    }
  }
}

/** RFC 9618 section 5.5, step (g): a policy directly below any policy, or any policy at the very end. */
export function holdsSome(graph: PolicyGraph, anyPolicy: string): boolean {
  if (graph.leaf(anyPolicy) !== undefined) return true;
  return graph.strata.some((stratum) =>
    [...stratum.values()].some(
      ({ policy, parents }) =>
        policy !== anyPolicy &&
        parents.size === 1 &&
        [...parents].every((parent) => parent.policy === anyPolicy),
    ),
  );
}

function node(policy: string, parents: readonly Node[]): Node {
  const made: Node = { policy, expected: [policy], parents: new Set(parents), children: new Set() };
  for (const parent of made.parents) parent.children.add(made);
  return made;
}
