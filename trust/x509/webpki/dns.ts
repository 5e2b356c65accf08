import { refuse } from "../refusal.ts";

/**
 * Whether a DNS name falls under a constraint, as webpki's
 * presented_id_matches_reference_id sees it (subject_name/dns_name.rs); throws
 * a Refusal with webpki's name for the error.
 */
export function dnsMatches(presented: string, constraint: string, isPermitted: boolean): boolean {
  if (!isDnsId(presented, false)) return refuse("MalformedDnsIdentifier");
  if (!isDnsId(constraint, true)) return refuse("MalformedNameConstraint");
  let rest = lower(presented);
  let wanted = lower(constraint);
  if (rest.length > wanted.length) {
    if (wanted === "") return true;
    const prefix = rest.length - wanted.length;
    if (!wanted.startsWith(".") && rest[prefix - 1] !== ".") return false;
    rest = rest.slice(prefix);
  }
  if (rest.startsWith("*") && !isPermitted) {
    // A wildcard reaches into an excluded subtree: it stands for the first label, at least one character.
    const dot = wanted.indexOf(".", 1);
    if (dot < 0) return false;
    rest = rest.slice(1);
    wanted = wanted.slice(dot);
  }
  return rest === wanted && rest !== "";
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const label = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;

// is_valid_dns_id: constraints may be empty or start with a dot, names may start with a wildcard.
function isDnsId(name: string, isConstraint: boolean): boolean {
  if (name.length > 253) return false;
  if (isConstraint && name === "") return true;
  const wildcard = !isConstraint && name.startsWith("*");
  if (wildcard && !name.startsWith("*.")) return false;
  const plain = wildcard ? name.slice(2) : isConstraint && name.startsWith(".") ? name.slice(1) : name;
  const labels = plain.split(".");
  if (!labels.every((each) => label.test(each) && each.length <= 63)) return false;
  return !/^[0-9]+$/.test(labels[labels.length - 1] ?? "") && (!wildcard || labels.length >= 2);
}
