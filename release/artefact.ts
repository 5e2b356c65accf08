import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** A file of a release. */
export interface Artefact {
  readonly name: string;
  readonly bytes: number;
  /** In lower case. */
  readonly sha256: string;
  /** Of the program in an archive. */
  readonly program?: { readonly file: string; readonly bytes: number };
}

/** Reads the file for its size and digest. */
export function artefactOf(file: string): Artefact {
  const bytes = readFileSync(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name: basename(file), bytes: bytes.length, sha256 };
}
