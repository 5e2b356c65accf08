import { type Constraints, nearestOf } from "./nearest.ts";

/** Go's dnsConstraints (crypto/x509 constraints.go), for DNS names, hosts of URIs and domains of mailboxes. */
export function domainConstraints(
  constraints: readonly string[],
  permitted: boolean,
): Constraints<string> | undefined {
  if (constraints.length === 0) return undefined;
  if (constraints.includes("")) return () => "";
  const nearest = nearestOf(constraints, compareFromEnd, isSuffix, compareFromEnd, isSuffix);
  // A wildcard reaches an excluded name when both have the same parent.
  const parents = new Map(
    permitted ? [] : constraints.map((name) => [parent(name.toLowerCase()), name.toLowerCase()] as const),
  );
  parents.delete("");
  return (name) =>
    nearest(name) ??
    (!permitted && name.startsWith("*") ? parents.get(parent(name.toLowerCase())) : undefined);
}

const parent = (name: string): string => (name.includes(".") ? name.slice(name.indexOf(".")) : "");

// Go's dnsHasSuffix: whole labels, in either case; a leading dot wants at least one label more.
function isSuffix(suffix: string, name: string): boolean {
  if (suffix.length > name.length) return false;
  if (lower(name.slice(name.length - suffix.length)) !== lower(suffix)) return false;
  return (
    suffix.startsWith(".") || suffix.length === name.length || name[name.length - suffix.length - 1] === "."
  );
}

/** Go's dnsCompare: from the end, in either case, the dot before everything else. */
function compareFromEnd(a: string, b: string): number {
  for (let i = 1; i <= a.length && i <= b.length; i++) {
    const difference = rank(a.charCodeAt(a.length - i)) - rank(b.charCodeAt(b.length - i));
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}

const rank = (code: number): number =>
  code === 0x2e ? 0 : code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
