import { type Certificate, certificatePem, readBundle } from "../../trust/x509/index.ts";

/** The two kinds that trust-manager makes bundles of; as much of them as is read and written here. */
export interface TrustBundleSpec {
  /** trust.cert-manager.io/v1alpha1 Bundle: one of these keys each. */
  readonly sources?: readonly BundleSource[];
  /** trust-manager.io/v1alpha2 ClusterBundle. */
  readonly inLineCAs?: string;
  readonly sourceRefs?: readonly SourceReference[];
}

interface BundleSource {
  readonly inLine?: string;
  readonly secret?: SourceReference;
  readonly configMap?: SourceReference;
}

export interface SourceReference {
  readonly kind?: string;
  readonly name?: string;
  readonly key?: string;
}

/** trust-manager drops comments, so ours is seen only here. */
const ours = "# kept by linkerd-certs while the trust anchor is rotated";

/** The spec with these anchors written into it, besides what its other sources bring; undefined where nothing changes. */
export function withAnchors(
  spec: TrustBundleSpec,
  kind: "Bundle" | "ClusterBundle",
  adds: readonly Certificate[],
  drops: readonly Certificate[],
): TrustBundleSpec | undefined {
  const dropped = new Set(drops.map(({ fingerprint }) => fingerprint));
  if (kind === "ClusterBundle") {
    const before = spec.inLineCAs ?? "";
    const text = merged(before, adds, dropped);
    if (text === before) return undefined;
    const { inLineCAs: _, ...rest } = spec;
    return text === "" ? rest : { ...rest, inLineCAs: text };
  }
  const sources = spec.sources ?? [];
  const own = sources.find(({ inLine }) => inLine?.startsWith(ours));
  const others = sources.flatMap((source) => {
    if (source === own) return [];
    if (source.inLine === undefined) return [source];
    // A person's own text stays as it is, but for what is to go.
    const text = merged(source.inLine, [], dropped);
    return text === "" ? [] : [text === source.inLine ? source : { inLine: text }];
  });
  const text = merged(own?.inLine ?? "", adds, dropped);
  const next = text === "" ? others : [...others, { inLine: text }];
  return JSON.stringify(next) === JSON.stringify(sources) ? undefined : { ...spec, sources: next };
}

/** The names of the sources that are Secrets or ConfigMaps, for people. */
export function referencesIn(spec: TrustBundleSpec): readonly Required<SourceReference>[] {
  const old = (spec.sources ?? []).flatMap(({ secret, configMap }) => [
    ...(secret === undefined ? [] : [{ kind: "Secret", ...secret }]),
    ...(configMap === undefined ? [] : [{ kind: "ConfigMap", ...configMap }]),
  ]);
  return [...old, ...(spec.sourceRefs ?? [])].flatMap(({ kind = "Secret", name, key }) =>
    name === undefined || key === undefined ? [] : [{ kind, name, key }],
  );
}

function merged(before: string, adds: readonly Certificate[], dropped: ReadonlySet<string>): string {
  const there = before === "" ? [] : readBundle(before).anchors;
  const kept = there.filter(({ fingerprint }) => !dropped.has(fingerprint));
  const known = new Set(kept.map(({ fingerprint }) => fingerprint));
  const fresh = adds.filter(({ fingerprint }) => !known.has(fingerprint));
  if (fresh.length === 0 && kept.length === there.length) return before;
  const all = [...kept, ...fresh];
  return all.length === 0 ? "" : [ours, ...all.map((one) => certificatePem(one).trimEnd())].join("\n");
}
