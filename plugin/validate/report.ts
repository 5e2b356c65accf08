import type { Unreadable } from "../manifest/manifest.ts";
import type { SuppressedManifestFinding } from "../settings/treat-report.ts";
import type { ManifestFinding } from "./finding.ts";

/** The answer of `validate`. */
export interface Report {
  /** What the change was judged against; undefined where there was nothing to compare with. */
  readonly against?: string;
  readonly files: number;
  readonly objects: number;
  /** By file, line, rule and message. */
  readonly findings: readonly ManifestFinding[];
  /** Found too, but somebody lives with it for a while: it does not count. */
  readonly suppressed?: readonly SuppressedManifestFinding[];
  /** What the guard answers to each write of its two objects, in the order in which they are applied. */
  readonly predictions: readonly PredictedWrite[];
  /** Another order in which every write passes; each object and where it stands. */
  readonly betterOrder?: readonly string[];
  /** What could not be looked at, or was assumed. */
  readonly notes: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

export interface PredictedWrite {
  readonly object: string;
  readonly file: string;
  readonly line: number;
  /** "none": nothing is sent, for nothing changes. */
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "none";
  readonly allowed: boolean;
  /** By whom it is refused. */
  readonly by?: "guard" | "API server";
  /** The rules that refuse it. */
  readonly rules: readonly string[];
  /** The rules that would, but for the object's own annotation. */
  readonly letPass: readonly string[];
  /** The rules that only warn. */
  readonly warned: readonly string[];
}
