import { binary } from "../bytes.ts";
import { constructed, content, context, type Der, der, empty, next, read, readAny, tags } from "../der.ts";
import { refuse } from "../refusal.ts";
import { dnsMatches } from "./dns.ts";

/** How many comparisons a whole verification may take. */
export interface ComparisonBudget {
  comparisons: number;
}

/**
 * webpki's check_name_constraints (subject_name/mod.rs): the names of all
 * these certificates against one certificate's constraints (the content of
 * the extension's SEQUENCE); throws a Refusal with webpki's name for the error.
 */
export function checkNames(
  constraints: Uint8Array | undefined,
  sans: readonly (Uint8Array | undefined)[],
  budget: ComparisonBudget,
): void {
  if (constraints === undefined) return;
  const reader = der(constraints);
  const [permitted, excluded] = [subtrees(reader, 0), subtrees(reader, 1)];
  for (const san of sans) {
    for (const names = der(san ?? nothing); !empty(names); )
      checkName(generalName(names), permitted, excluded, budget);
    checkName(directoryName, permitted, excluded, budget);
  }
  if (!empty(reader)) refuse("BadDer");
}

const nothing = new Uint8Array();
const limit = 0xffff;

function subtrees(reader: Der, number: number): Uint8Array | undefined {
  if (!next(reader, constructed(number))) return undefined;
  return content(read(reader, constructed(number), limit) ?? refuse("BadDer"));
}

interface GeneralName {
  readonly kind: "dns" | "directory" | "ip" | "uri" | `other ${number}`;
  readonly value: Uint8Array;
}

const directoryName: GeneralName = { kind: "directory", value: nothing };

const kinds = new Map<number, GeneralName["kind"]>([
  [context(2), "dns"],
  [constructed(4), "directory"],
  [context(6), "uri"],
  [context(7), "ip"],
  ...[constructed(0), context(1), constructed(3), constructed(5), context(8)].map(
    (tag) => [tag, `other ${tag & 0x1f}`] as const,
  ),
]);

function generalName(names: Der): GeneralName {
  const element = readAny(names, limit) ?? refuse("BadDer");
  return { kind: kinds.get(element.tag) ?? refuse("BadDer"), value: content(element) };
}

function checkName(
  name: GeneralName,
  permitted: Uint8Array | undefined,
  excluded: Uint8Array | undefined,
  budget: ComparisonBudget,
): void {
  for (const [trees, isPermitted] of [
    [permitted, true],
    [excluded, false],
  ] as const) {
    if (trees === undefined) continue;
    let [matched, mismatched] = [false, false];
    for (const reader = der(trees); !empty(reader); ) {
      if (budget.comparisons-- <= 0) refuse("MaximumNameConstraintComparisonsExceeded");
      const subtree = read(reader, tags.sequence, limit) ?? refuse("BadDer");
      const base = generalName(subtree);
      if (!empty(subtree)) refuse("TrailingData");
      if (base.kind !== name.kind) continue;
      if (matches(name, base, isPermitted)) matched = true;
      else mismatched = true;
      if (matched && !isPermitted) refuse("NameConstraintViolation");
    }
    if (isPermitted && mismatched && !matched) refuse("NameConstraintViolation");
  }
}

// Constraints on directory names and URIs are not implemented there, hence never kept.
function matches(name: GeneralName, base: GeneralName, isPermitted: boolean): boolean {
  switch (name.kind) {
    case "dns":
      return dnsMatches(binary(name.value), binary(base.value), isPermitted);
    case "ip":
      return ipMatches(name.value, base.value);
    case "directory":
    case "uri":
      return !isPermitted;
    default:
      return refuse("NameConstraintViolation");
  }
}

function ipMatches(address: Uint8Array, network: Uint8Array): boolean {
  const { length } = address;
  if (length !== 4 && length !== 16) return refuse("BadDer");
  if (network.length !== 2 * length) {
    return network.length === (length === 4 ? 32 : 8) ? false : refuse("InvalidNetworkMaskConstraint");
  }
  // The mask is looked at only as far as the addresses agree.
  let ended = false;
  for (let i = 0; i < length; i++) {
    const mask = network[length + i] ?? 0;
    if (!/^1*0*$/.test(mask.toString(2).padStart(8, "0")) || (ended && mask !== 0))
      refuse("InvalidNetworkMaskConstraint");
    ended ||= mask !== 0xff;
    if ((((address[i] ?? 0) ^ (network[i] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
