import type { Facts } from "./facts.ts";

export type Severity = "deny" | "warn";

export type FactName = Exclude<keyof Facts, "now" | "namespace" | "thresholds" | "terminating">;

export type Known<N extends FactName> = Facts & Required<Pick<Facts, N>>;

/** What a rule found: the message alone, or with more to say. */
export type Found = string | FoundMore;

export interface FoundMore {
  /** Stands alone in about 120 characters; the same on every retry; names certificates by fingerprint. */
  readonly message: string;
  /** Why, in the words of who refuses. Not part of what makes two findings the same. */
  readonly detail?: string;
  /** A milder case of a rule that denies. */
  readonly severity?: "warn";
  /** The object that it is about, where the rule's name does not say. */
  readonly about?: "trust-roots" | "issuer";
}

export interface Rule {
  /** Also the name of its file, its test and its section in the rules' README. */
  readonly id: string;
  readonly severity: Severity;
  /** The healthy state, as a statement. */
  readonly summary: string;
  /** What happens to a mesh where this is not so. */
  readonly breaks: string;
  /** What to do next, as one instruction. */
  readonly remedy: string;
  readonly needs: readonly FactName[];
  /** "state" rules say something of a mesh as it is, and nothing of a write. */
  readonly scope?: "state";
  /** Where one of these rules is broken too, this one is only its consequence, and told in a word. */
  readonly follows?: readonly string[];
  /** The text is malformed, rather than against policy: answered as 422 with the field. */
  readonly malformed?: "ca-bundle.crt" | "issuer";
  check(facts: Facts): readonly Found[];
}

type RuleOf<N extends FactName> = Omit<Rule, "needs" | "check"> & {
  readonly needs: readonly N[];
  check(facts: Known<N>): readonly Found[];
};

/** A rule whose check sees, as present, just the facts that it says it needs. */
export function defineRule<const N extends FactName>(rule: RuleOf<N>): Rule {
  // judge() calls check only where every fact in needs is present, so the narrower parameter is safe.
  return rule as Rule;
}
