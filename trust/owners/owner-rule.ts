import type { Severity } from "../rule.ts";
import type { Source } from "./objects.ts";
import type { Owners } from "./owners.ts";

/** A rule about what will make the two objects, rather than about the objects. */
export interface OwnerRule {
  readonly id: string;
  readonly severity: Severity;
  /** The healthy state, as a statement. */
  readonly summary: string;
  /** What comes of it where this is not so. */
  readonly breaks: string;
  /** What to do next, as one instruction. */
  readonly remedy: string;
  check(owners: Owners): readonly OwnerFound[];
}

export interface OwnerFound {
  readonly source: Source;
  /** The field to go to. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** A milder or a worse case of the rule. */
  readonly severity?: Severity;
}

/** "Certificate cert-manager/linkerd-trust-anchor" */
export function calledSource({ kind, namespace, name }: Source): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
