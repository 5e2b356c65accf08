import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  type Tags,
} from "yaml";
import { isRecord } from "../../trust/fields.ts";
import type { JsonObject, Manifest, Path, Unreadable } from "./manifest.ts";
import type { Chunk } from "./split.ts";

/** The API server takes no request longer than this, so nothing longer is an object. */
const largest = 3 * 1024 * 1024;

/** The objects in one document, a list's items among them. Nothing in it makes this throw. */
export function parse(chunk: Chunk, file: string): (Manifest | Unreadable)[] {
  const unreadable = (message: string, line = chunk.line) => [{ place: { file, line }, message }];
  if (chunk.text.length > largest)
    return unreadable(
      `a document of ${Math.ceil(chunk.text.length / 1048576)} MiB; Kubernetes takes 3 MiB at most`,
    );
  const counter = new LineCounter();
  const lineAt = (offset: number) => counter.linePos(offset).line + chunk.line - 1;
  try {
    const document = parseDocument(chunk.text, { ...asKubectl, lineCounter: counter });
    const [error] = document.errors;
    if (error !== undefined) return unreadable(reasonOf(error.message, chunk.text), lineAt(error.pos[0]));
    const value: unknown = plain(document.toJS({ maxAliasCount: 100 }));
    return manifestsIn(value, [], { file, document, lineAt }, lineAt(document.contents?.range?.[0] ?? 0));
  } catch (error) {
    return unreadable(reasonOf(error instanceof Error ? error.message : "", chunk.text));
  }
}

// YAML 1.1 as Go's reader takes it: "y" is true, dates and times are texts, of equal keys the last one counts.
const asKubectl = {
  version: "1.1",
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
  customTags: (tags: Tags): Tags => [
    ...tags.filter(
      (tag) => typeof tag === "string" || !/timestamp|TIME/.test(`${tag.tag}${tag.format ?? ""}`),
    ),
    "intOct",
  ],
} as const;

interface Source {
  readonly file: string;
  readonly document: Document;
  lineAt(offset: number): number;
}

function manifestsIn(value: unknown, at: Path, source: Source, line: number): (Manifest | Unreadable)[] {
  // Values of a chart, a folder's settings: no object of Kubernetes, and no fault.
  if (!isRecord(value) || typeof value["kind"] !== "string" || typeof value["apiVersion"] !== "string")
    return [];
  const { items } = value;
  if (/List$/.test(value["kind"]) && Array.isArray(items)) {
    return items.flatMap((item, i) => {
      const path = [...at, "items", i];
      return manifestsIn(withKind(item, value), path, source, lineOf(path, source) ?? line);
    });
  }
  const unnamed = ["name", "namespace"].find((field) => isRecord(fieldOf(value["metadata"], field)));
  if (unnamed !== undefined) {
    const message = `metadata.${unnamed} is no text; is it a template that nobody has rendered?`;
    return [{ place: { file: source.file, line }, message }];
  }
  return [manifest(value, value["apiVersion"], value["kind"], at, source, line)];
}

function fieldOf(value: unknown, field: string): unknown {
  return isRecord(value) ? value[field] : undefined;
}

// The items of a ConfigMapList need not say what they are.
function withKind(item: unknown, { kind, apiVersion }: JsonObject): unknown {
  if (!isRecord(item) || typeof kind !== "string" || kind === "List") return item;
  return { apiVersion, kind: kind.slice(0, -"List".length), ...item };
}

function manifest(
  object: JsonObject,
  apiVersion: string,
  kind: string,
  at: Path,
  source: Source,
  line: number,
): Manifest {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const { name, namespace } = metadata;
  return {
    place: { file: source.file, line },
    apiVersion,
    kind,
    name: typeof name === "string" ? name : "",
    ...(typeof namespace === "string" && namespace !== "" ? { namespace } : {}),
    object,
    lineOf: (path) => lineOf([...at, ...path], source) ?? line,
    lineWithin(path, n) {
      const node = find([...at, ...path], source)?.value;
      const begin = node?.range?.[0];
      const literal = isScalar(node) && node.type === Scalar.BLOCK_LITERAL && begin !== undefined;
      return literal ? source.lineAt(begin) + n : (lineOf([...at, ...path], source) ?? line);
    },
  };
}

function lineOf(path: Path, source: Source): number | undefined {
  const offset = find(path, source)?.key?.range?.[0];
  return offset === undefined ? undefined : source.lineAt(offset);
}

interface Found {
  /** What names it: the key, or the item itself. */
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** As deep along the path as the text goes by itself, past aliases and merges. */
function find(path: Path, { document }: Source): Found | undefined {
  let found: Found = { key: document.contents ?? undefined, value: document.contents ?? undefined };
  for (const step of path) {
    const node = isAlias(found.value) ? found.value.resolve(document) : found.value;
    const next = isMap(node)
      ? node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step))
      : isSeq(node)
        ? { key: node.items[Number(step)], value: node.items[Number(step)] }
        : undefined;
    if (next === undefined) return found;
    // A document that is parsed has nodes for its keys and values.
    found = { key: next.key as Node | undefined, value: next.value as Node | undefined };
  }
  return found;
}

// "!!binary" comes as bytes, which Go takes for a text.
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** In one line, and without the text itself, which may be a key. */
function reasonOf(message: string, text: string): string {
  if (/call stack/.test(message)) return "nested too deeply to be read";
  if (/alias count/i.test(message)) return "aliases that would multiply beyond measure";
  if (/\{\{/.test(text)) return "not YAML; a Helm template is rendered first: helm template";
  const line = message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? "";
  return /["'`]|: /.test(line) || line === ""
    ? "not YAML or JSON"
    : `not YAML or JSON: ${line.slice(0, 120)}`;
}
