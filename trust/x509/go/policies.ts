import { sameBytes } from "../bytes.ts";
import { oid } from "../oid.ts";
import type { Parsed } from "../parse/parsed.ts";
import {
  addPolicies,
  deeper,
  holdsSome,
  type Node,
  newGraph,
  type PolicyGraph,
  prune,
} from "./policy-graph.ts";

const anyPolicy = oid("2.5.29.32.0");

/** Certificate policies as Go's policiesValid checks them when none is asked for (RFC 5280 section 6.1, RFC 9618). */
export function policiesHold(chain: readonly Parsed[]): boolean {
  const length = chain.length - 1;
  if (length < 1 || chain.every(isSilent)) return true;
  const left = { explicit: BigInt(length + 1), mapping: BigInt(length + 1), any: BigInt(length + 1) };
  let graph: PolicyGraph | undefined = newGraph(anyPolicy);
  for (let i = length - 1; i >= 0; i--) {
    const certificate = chain[i];
    if (certificate === undefined) continue;
    const { policies } = certificate.extensions;
    const selfIssued = sameBytes(certificate.rawIssuer, certificate.rawSubject);
    if (policies.ids.length === 0) graph = undefined;
    if (graph === undefined && left.explicit === 0n) return false;
    if (graph !== undefined) {
      deeper(graph);
      addPolicies(graph, policies.ids, anyPolicy, left.any > 0n || (i > 0 && selfIssued));
      prune(graph);
      if (i > 0 && !applyMappings(graph, policies.mappings, left.mapping > 0n)) return false;
    }
    if (i > 0) countDown(left, certificate, selfIssued);
  }
  if (left.explicit > 0n) left.explicit--;
  if (chain[0]?.extensions.policies.requireExplicit === 0n) left.explicit = 0n;
  return left.explicit !== 0n || (graph !== undefined && holdsSome(graph, anyPolicy));
}

// Most chains: then the graph ends at once, and nobody asks for one.
function isSilent({ extensions: { policies } }: Parsed): boolean {
  return policies.requireExplicit === undefined && policies.ids.length === 0;
}

// Mappings of anyPolicy make the whole chain invalid.
function applyMappings(
  graph: PolicyGraph,
  mappings: Parsed["extensions"]["policies"]["mappings"],
  allowed: boolean,
): boolean {
  if (mappings.length === 0) return true;
  const subjects = new Map<string, string[]>();
  for (const { issuer, subject } of mappings) {
    if (allowed) {
      if (issuer === anyPolicy || subject === anyPolicy) return false;
      subjects.set(issuer, [...(subjects.get(issuer) ?? []), subject]);
    } else graph.remove(issuer);
  }
  prune(graph);
  for (const [issuer, expected] of subjects) {
    const any: Node | undefined = graph.leaf(anyPolicy);
    const mapped = graph.leaf(issuer) ?? (any && graph.insert(issuer, [any]));
    if (mapped !== undefined) mapped.expected = expected;
  }
  return true;
}

// RFC 5280 section 6.1.4 (h) to (j).
function countDown(
  left: { explicit: bigint; mapping: bigint; any: bigint },
  { extensions: { policies } }: Parsed,
  selfIssued: boolean,
): void {
  const lower = (value: bigint, limit: bigint | undefined): bigint => {
    const rest = selfIssued || value === 0n ? value : value - 1n;
    return limit !== undefined && limit >= 0n && limit < rest ? limit : rest;
  };
  left.explicit = lower(left.explicit, policies.requireExplicit);
  left.mapping = lower(left.mapping, policies.inhibitMapping);
  left.any = lower(left.any, policies.inhibitAny);
}
