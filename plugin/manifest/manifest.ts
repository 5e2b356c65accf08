/** One object of a manifest, and where it stands. */
export interface Manifest {
  readonly place: Place;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** As JSON has it. Nobody has checked its shape. */
  readonly object: JsonObject;
  /** The line of a field; of the nearest field around it where it is not there. */
  lineOf(path: Path): number;
  /** The line in the file of the n-th line of a text; the field's own where the text is not written line by line. */
  lineWithin(path: Path, line: number): number;
}

export interface Place {
  /** As it was named; "stdin" for standard input. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export type Path = readonly (string | number)[];
export type JsonObject = Readonly<Record<string, unknown>>;

/** A part of a file that is no manifest, in one line, without a word of its content. */
export interface Unreadable {
  readonly place: Place;
  readonly message: string;
}

/** "ConfigMap linkerd/linkerd-identity-trust-roots" */
export function called({ kind, namespace, name }: Pick<Manifest, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
