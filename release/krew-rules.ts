import { basename, posix } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { krewSchema } from "./krew-schema.ts";

/** A manifest, once the schema has taken it. */
export interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly version: string; readonly platforms: readonly ManifestPlatform[] };
}

export interface ManifestPlatform {
  readonly uri: string;
  readonly sha256: string;
  readonly bin: string;
  /** Without it everything is installed as it lies in the archive. */
  readonly files?: readonly { readonly from: string; readonly to: string }[];
  readonly selector: Selector;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

const pairs = [
  ...["386", "amd64", "arm64"].map((arch) => ({ os: "windows", arch })),
  ...["386", "amd64", "arm", "arm64", "ppc64le"].map((arch) => ({ os: "linux", arch })),
  ...["386", "amd64", "arm64"].map((arch) => ({ os: "darwin", arch })),
];

/** A manifest's text as a value. Throws where it is no YAML, or the schema does not take it. */
export function readManifest(text: string): Manifest {
  const value: unknown = parse(text);
  if (!accepts(value)) throw new Error(ajv.errorsText(accepts.errors, { dataVar: "manifest" }));
  return value;
}

const ajv = new Ajv({ allErrors: true });
const accepts = ajv.compile<Manifest>(krewSchema);

/**
 * What krew, or the people who look after its index, would refuse in a
 * manifest: nothing, or a sentence for each. Its archives are another matter:
 * krew-archive.ts.
 */
export function problemsOf(file: string, text: string): string[] {
  let manifest: Manifest;
  try {
    manifest = readManifest(text);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const { metadata, spec } = manifest;
  return [
    ...(basename(file) === `${metadata.name}.yaml` ? [] : [`the file must be called ${metadata.name}.yaml`]),
    ...spec.platforms.flatMap(pathProblems),
    ...spec.platforms.flatMap(({ selector, uri }) =>
      pairs.some((pair) => matches(selector, pair)) ? [] : [`krew knows no platform for ${uri}`],
    ),
    ...pairs.flatMap((pair) => {
      const entries = spec.platforms.filter(({ selector }) => matches(selector, pair));
      return entries.length > 1 ? [`${entries.length} entries match ${pair.os}/${pair.arch}`] : [];
    }),
    ...spec.platforms.flatMap(({ bin, selector }) =>
      matches(selector, { os: "windows", arch: "amd64" }) && !bin.endsWith(".exe")
        ? [`${bin} cannot be started on Windows: .exe only`]
        : [],
    ),
  ];
}

/** Where krew would install it: undefined where no entry is for that machine. */
export function entryFor(manifest: Manifest, pair: Pair): ManifestPlatform | undefined {
  return manifest.spec.platforms.find(({ selector }) => matches(selector, pair));
}

export interface Pair {
  readonly os: string;
  readonly arch: string;
}

// A label selector as Kubernetes has them.
function matches({ matchLabels = {}, matchExpressions = [] }: Selector, pair: Pair): boolean {
  const value = (key: string) => (key === "os" ? pair.os : pair.arch);
  return (
    Object.entries(matchLabels).every(([key, wanted]) => value(key) === wanted) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const named = values.includes(value(key));
      return operator === "In" ? named : operator === "NotIn" ? !named : operator === "Exists";
    })
  );
}

// krew: internal/installation/move.go. It cleans no path, and refuses one that is not clean.
function pathProblems({ bin, files = [] }: ManifestPlatform): string[] {
  const outside = (path: string) => path.startsWith("/") || path.split("/").includes("..");
  const named = [...files.map(({ to }) => to), bin];
  return [
    ...named.filter((path) => posix.normalize(path) !== path).map((path) => `${path} is not a clean path`),
    ...[...named, ...files.map(({ from }) => from)].filter(outside).map((path) => `${path} leads outside`),
  ];
}
