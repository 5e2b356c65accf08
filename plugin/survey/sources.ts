import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { asDate } from "../../trust/gather/objects.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import { readBundle } from "../../trust/x509/index.ts";
import type { Look } from "./look.ts";
import { ownersIn, type Spot } from "./places.ts";
import type { Renewal } from "./types.ts";

/** Where trust-manager reads its sources, unless it is told otherwise (app.trust.namespace). */
const trustNamespace = "cert-manager";

export interface Sources {
  readonly spots: readonly Spot[];
  readonly renewals: readonly Renewal[];
}

/** What the bundle and the issuer are made from, where cert-manager and trust-manager make them. */
export async function readSources(look: Look, namespace: string): Promise<Sources> {
  const sources = await bundleSources(look);
  const spots = await Promise.all(sources.map((source) => spotOf(look, source)));
  const anchors = new Set(sources.map(({ name }) => name));
  const renewals = await Promise.all([
    renewalsIn(look, namespace, "issuer", new Set([issuerSecretName])),
    anchors.size === 0 ? [] : renewalsIn(look, trustNamespace, "anchor", anchors),
  ]);
  return { spots, renewals: renewals.flat() };
}

interface Source {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  readonly key: string;
}

// trust-manager's Bundle, and the ClusterBundle that follows it.
const bundlePaths = [
  `/apis/trust.cert-manager.io/v1alpha1/bundles/${trustRootsName}`,
  `/apis/trust-manager.io/v1alpha2/clusterbundles/${trustRootsName}`,
];

async function bundleSources(look: Look): Promise<Source[]> {
  const what = `trust-manager's Bundle ${trustRootsName}`;
  const seen = await Promise.all(bundlePaths.map((path) => look.one(what, path, "aside")));
  const bundle = seen.find((one) => one?.value !== undefined)?.value as BundleObject | undefined;
  return (bundle?.spec?.sources ?? []).map(sourceOf).filter((one) => one !== undefined);
}

interface Reference {
  readonly name?: string;
  readonly key?: string;
}

interface BundleObject {
  readonly spec?: {
    readonly sources?: readonly (Reference & {
      readonly kind?: string;
      readonly secret?: Reference;
      readonly configMap?: Reference;
    })[];
  };
}

function sourceOf(
  source: NonNullable<NonNullable<BundleObject["spec"]>["sources"]>[number],
): Source | undefined {
  const kind = source.secret !== undefined || source.kind === "Secret" ? "Secret" : "ConfigMap";
  const { name, key } = source.secret ?? source.configMap ?? source;
  return name === undefined || key === undefined ? undefined : { kind, name, key };
}

async function spotOf(look: Look, { kind, name, key }: Source): Promise<Spot> {
  const what = `${kind} ${trustNamespace}/${name}`;
  const resource = kind === "Secret" ? "secrets" : "configmaps";
  const path = `/api/v1/namespaces/${trustNamespace}/${resource}/${name}`;
  const seen = await look.one(what, path, "aside");
  // The path says which kind it is; of a Secret only the key that the Bundle names is read.
  const text = (seen?.value as ConfigMap | Secret | undefined)?.data?.[key];
  const bytes = kind === "Secret" ? Buffer.from(text ?? "", "base64") : (text ?? "");
  return {
    what: `${what}, ${key}`,
    role: "source",
    readBy: "trust-manager, which makes the ConfigMap of all its sources",
    owners: ownersIn(seen),
    reading: seen && { value: text === undefined ? undefined : readBundle(bytes) },
  };
}

async function renewalsIn(
  look: Look,
  namespace: string,
  of: Renewal["of"],
  secrets: ReadonlySet<string>,
): Promise<readonly Renewal[]> {
  const seen = await look.all(
    `cert-manager's Certificates of ${namespace}`,
    `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates`,
    {
      importance: "aside",
      project: (object) => renewalOf(object as CertificateObject, namespace, of, secrets),
    },
  );
  return (seen?.value ?? []).toSorted((a, b) => (a.what < b.what ? -1 : 1));
}

interface CertificateObject {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly secretName?: string };
  readonly status?: {
    readonly renewalTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

function renewalOf(
  { metadata, spec, status }: CertificateObject,
  namespace: string,
  of: Renewal["of"],
  secrets: ReadonlySet<string>,
): Renewal | undefined {
  if (!secrets.has(spec?.secretName ?? "")) return undefined;
  const at = asDate(status?.renewalTime);
  return {
    what: `Certificate ${namespace}/${metadata?.name ?? ""}`,
    of,
    ready: status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    ...(at === undefined ? {} : { at }),
  };
}
