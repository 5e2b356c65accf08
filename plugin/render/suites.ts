/** What machines are told of, by junit, sarif and github alike: questions, grouped, and their answers. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly id: string;
  readonly summary: string;
  readonly result: "success" | "warning" | "error" | "skipped";
  readonly findings: readonly CaseFinding[];
  readonly remedy: string;
  readonly docs: string;
  /** Why it was not asked. */
  readonly why?: string;
  /** Found too, but not counted. */
  readonly suppressed?: readonly (CaseFinding & { readonly suppressed: string })[];
}

export interface CaseFinding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly detail?: string;
  /** Where it stands, for findings in files. */
  readonly file?: string;
  readonly line?: number;
  /** What it is about, for findings in clusters: "ConfigMap linkerd/linkerd-identity-trust-roots". */
  readonly object?: string;
}

/** What a person reads of one finding. */
export function textOf({ message, detail }: CaseFinding, remedy: string): string {
  return [message, ...(detail === undefined ? [] : [detail]), remedy].join("\n");
}
