import { harmless } from "../../../trust/harmless.ts";
import type { LeafSeen } from "../../../trust/rotation/view.ts";
import { findPrivateKeys } from "../../../trust/x509/index.ts";

/**
 * One line of a rotation's journal, for an auditor: who did what when, and why
 * it was safe. Its JSON is what stands in the ConfigMap.
 */
export interface Line {
  /** RFC 3339, by the clock of whoever wrote it. */
  readonly at: string;
  /** "jane@laptop": as the API server knows the user, and the machine. */
  readonly who: string;
  /** The cluster as its user called it. */
  readonly cluster: string;
  readonly entry: Entry;
  readonly stage?: string;
  readonly step?: string;
  readonly workload?: string;
  readonly outcome?: string;
  readonly seconds?: number;
  /** A sentence, with fingerprints. */
  readonly says?: string;
  readonly evidence?: readonly string[];
  /** For "proven": identity signs with the issuer of this fingerprint since then. */
  readonly issuer?: string;
  readonly since?: string;
  /** For "leaf": that pod, made at that time, has served a leaf of that issuer, at `since`. */
  readonly pod?: string;
  readonly made?: string;
}

/**
 * begun: the goal was recorded. taken-up: a run goes on with it. stage: reached.
 * step: done or failed. proven, leaf: what cannot be read off the cluster later.
 * blocked: what a person has to do. ended: a run's end; with outcome done,
 * aborted or reversed it is the rotation's. note: all else.
 */
export type Entry =
  | "begun"
  | "taken-up"
  | "stage"
  | "step"
  | "proven"
  | "leaf"
  | "blocked"
  | "ended"
  | "note";

export type JournalState = "unfinished" | "done" | "aborted" | "reversed";

/** The line as it is written. What looks like a private key is withheld, whatever brought it there. */
export function lineText(line: Line): string {
  const text = JSON.stringify(line);
  if (findPrivateKeys(text).length === 0) return text;
  const { at, who, entry } = line;
  return JSON.stringify({
    at,
    who,
    cluster: "",
    entry,
    says: "withheld: it held what looks like a private key",
  });
}

/** Every line that can be read; what cannot be is somebody else's and left out. */
export function readLines(text: string): readonly Line[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isLine(value) ? [harmlessLine(value)] : [];
    } catch {
      return [];
    }
  });
}

function isLine(value: unknown): value is Line {
  if (typeof value !== "object" || value === null) return false;
  const { at, who, entry } = value as Partial<Record<keyof Line, unknown>>;
  return typeof at === "string" && typeof who === "string" && typeof entry === "string";
}

// Whoever may write ConfigMaps in Linkerd's namespace may have written it; it ends on terminals.
function harmlessLine(line: Line): Line {
  const fields = Object.entries(line).map(([name, value]: [string, unknown]) => {
    if (typeof value === "string") return [name, harmless(value)];
    if (!Array.isArray(value)) return [name, value];
    return [name, value.filter((one) => typeof one === "string").map((one) => harmless(one))];
  });
  return Object.fromEntries(fields) as Line; // the same fields
}

/** How the rotation stands, as its lines say it. */
export function stateOf(lines: readonly Line[]): JournalState {
  const last = lines.findLast(
    ({ entry, outcome }) => entry === "begun" || (entry === "ended" && isFinal(outcome)),
  );
  const outcome = last?.entry === "ended" ? last.outcome : undefined;
  return isFinal(outcome) ? outcome : "unfinished";
}

function isFinal(outcome: string | undefined): outcome is Exclude<JournalState, "unfinished"> {
  return outcome === "done" || outcome === "aborted" || outcome === "reversed";
}

/** The leaves that were seen in handshakes. */
export function leavesShown(lines: readonly Line[]): readonly LeafSeen[] {
  return lines.flatMap(({ entry, pod, made, issuer, since }) => {
    const [madeAt, seenAt] = [new Date(made ?? ""), new Date(since ?? "")];
    const dated = !Number.isNaN(madeAt.getTime()) && !Number.isNaN(seenAt.getTime());
    return entry === "leaf" && dated && pod !== undefined && issuer !== undefined
      ? [{ pod, madeAt, issuer, seenAt }]
      : [];
  });
}

/** What was proven of issuers in use: the earliest proof of each. */
export function provenUse(
  lines: readonly Line[],
): readonly { readonly issuer: string; readonly since: Date; readonly evidence: string }[] {
  const proven = new Map<string, { issuer: string; since: Date; evidence: string }>();
  for (const { entry, issuer, since: written, evidence = [], who } of lines) {
    const since = new Date(written ?? "");
    if (entry !== "proven" || issuer === undefined || Number.isNaN(since.getTime())) continue;
    const known = proven.get(issuer);
    if (known !== undefined && known.since <= since) continue;
    const text = evidence.join("; ");
    // A run that goes on records it again, with who did before.
    const by = text.includes("(recorded by ") ? "" : ` (recorded by ${who})`;
    proven.set(issuer, { issuer, since, evidence: `${text}${by}` });
  }
  return [...proven.values()];
}
