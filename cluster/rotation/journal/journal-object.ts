import { harmless } from "../../../trust/harmless.ts";
import { type JournalState, type Line, readLines, stateOf } from "./journal-line.ts";

/** What a rotation is to reach, as it was when it began. */
export interface Opening {
  readonly apiVersion: "linkerd-certs.io/v1";
  readonly kind: "Rotation";
  readonly id: string;
  readonly begun: { readonly at: string; readonly who: string; readonly cluster: string };
  /** The goal as trust/rotation/goal-json.ts writes it: certificates, never a key. */
  readonly goal: unknown;
  /** What was asked for beside it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The rotation that this one takes back. */
  readonly reverses?: string;
}

/** One rotation's journal, read back. */
export interface Recorded {
  readonly id: string;
  /** Undefined where somebody has removed it, or made something else of it. */
  readonly opening?: Opening;
  readonly lines: readonly Line[];
  readonly state: JournalState;
  /** The names of its ConfigMaps, the first one first. */
  readonly parts: readonly string[];
}

/** What was to be rotated, as the goal names it: anchor, issuer or recovery; undefined where that cannot be read. */
export function kindOf({ opening }: Recorded): unknown {
  return (opening?.goal as { kind?: unknown } | undefined)?.kind;
}

export const rotationLabel = "linkerd-certs.io/rotation";
export const openingKey = "goal.json";
/** A ConfigMap holds 1 MiB at most; every write of it costs the API server all of it. */
export const partLimit = 384 * 1024;

export const journalsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

/** The first part bears the rotation's name, later ones a number. */
export function journalName(id: string, part: number): string {
  return `linkerd-certs-rotation-${id}${part === 1 ? "" : `-part${part}`}`;
}

/** By time and chance: "20261127-071500-3f9a". */
export function rotationId(now: Date, chance: () => number): string {
  const time = now.toISOString().replace(/[-:]/g, "").slice(0, 15).replace("T", "-");
  return `${time}-${Math.floor(chance() * 0x10000)
    .toString(16)
    .padStart(4, "0")}`;
}

/** One of the ConfigMaps that hold a rotation's journal. */
export function journalObject(
  namespace: string,
  id: string,
  part: number,
  data: Readonly<Record<string, string>>,
): object {
  const labels = { "app.kubernetes.io/managed-by": "linkerd-certs", [rotationLabel]: id };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: journalName(id, part), namespace, labels },
    data,
  };
}

/** One ConfigMap of a journal. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly data: Readonly<Record<string, string>>;
}

/** One of them, read back; undefined for what is no journal of ours. */
export function readPart(body: unknown): Part | undefined {
  const { metadata, data = {} } = body as {
    metadata?: { name?: string; resourceVersion?: string; labels?: Readonly<Record<string, string>> };
    data?: Readonly<Record<string, string>>;
  }; // a ConfigMap of the core API, by its path
  const id = metadata?.labels?.[rotationLabel];
  if (id === undefined || metadata?.name === undefined) return undefined;
  // A label is anybody's to give: what is called otherwise, the trust bundle above all, is no journal and never deleted as one.
  if (!metadata.name.startsWith(journalName(id, 1))) return undefined;
  return { id, name: metadata.name, resourceVersion: metadata.resourceVersion ?? "", data };
}

/** The numbers under which lines stand, ascending. */
export function numbersIn(data: Readonly<Record<string, string>>): readonly number[] {
  return Object.keys(data)
    .filter((key) => /^\d{4,9}$/.test(key))
    .map(Number)
    .sort((a, b) => a - b);
}

export const lineKey = (number: number): string => String(number).padStart(4, "0");

/** Parts of any number of journals become the journals, the oldest first. */
export function recordedIn(parts: readonly Part[]): readonly Recorded[] {
  const byId = Map.groupBy(parts, ({ id }) => id);
  return [...byId]
    .map(([id, own]) => {
      const data = Object.assign({}, ...own.map((part) => part.data)) as Record<string, string>;
      const lines = numbersIn(data).flatMap((number) => readLines(data[lineKey(number)] ?? ""));
      const opening = readOpening(data[openingKey] ?? "");
      const parts = own.map(({ name }) => name).sort();
      return { id, lines, parts, state: stateOf(lines), ...(opening === undefined ? {} : { opening }) };
    })
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

// Two of one second are told apart by what they say themselves; an id knows whole seconds, and then chance.
const placeOf = ({ id, opening }: Recorded) =>
  `${id.slice(0, "20261127-071500".length)} ${opening?.begun.at ?? ""} ${id}`;

function readOpening(text: string): Opening | undefined {
  try {
    const value = JSON.parse(text) as Partial<Opening> | null; // looked at in the next line
    const sound = value?.kind === "Rotation" && typeof value.begun?.at === "string" && "goal" in value;
    return sound ? harmlessOpening(value as Opening) : undefined;
  } catch {
    return undefined;
  }
}

// As a line: what is told of it ends on terminals. The goal is read with care elsewhere.
function harmlessOpening({ begun, reverses, ...opening }: Opening): Opening {
  const { at, who, cluster } = begun;
  return {
    ...opening,
    id: harmless(`${opening.id}`, 100),
    begun: { at: harmless(at), who: harmless(`${who}`), cluster: harmless(`${cluster}`) },
    ...(reverses === undefined ? {} : { reverses: harmless(`${reverses}`, 100) }),
  };
}
