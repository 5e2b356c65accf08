import type { Severity } from "../../trust/rule.ts";

/** What a person, a repository and the environment say once, instead of flags in every call. */
export interface Settings {
  /** By the flag's name; each with where it is said. The nearest counts. */
  readonly values: ReadonlyMap<string, Said>;
  /** By rule id: instead of the rule's own severity. */
  readonly rules: ReadonlyMap<string, { readonly severity: Severity | "off"; readonly place: string }>;
  readonly suppressions: readonly Suppression[];
}

export interface Said {
  readonly values: readonly string[];
  /** "$LINKERD_CERTS_OUTPUT", ".linkerd-certs.yaml:3". */
  readonly place: string;
}

/** A finding that somebody knows of and lives with, for a while. */
export interface Suppression {
  readonly rule: string;
  /** "Secret linkerd/linkerd-identity-issuer"; without it, whichever. */
  readonly object?: string;
  /** The beginning of a certificate's fingerprint, 8 digits or more. */
  readonly fingerprint?: string;
  /** The first moment at which it does not count any more. */
  readonly until: Date;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
}

export const noSettings: Settings = { values: new Map(), rules: new Map(), suppressions: [] };
