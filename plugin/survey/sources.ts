import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import { labelSelectorOf } from "../../trust/owners/selector.ts";
import {
  isWhole,
  type ObjectSource,
  secretNamed,
  type TrustSource,
  takesKey,
  trustNamespaceIn,
  trustSourcesOf,
  usualTrustNamespace,
} from "../../trust/owners/trust-sources.ts";
import { readBundle } from "../../trust/x509/index.ts";
import type { Look, Seen } from "./look.ts";
import { ownersIn, type Spot } from "./places.ts";
import { readRenewals } from "./renewals.ts";
import type { Renewal } from "./types.ts";

export interface Sources {
  readonly spots: readonly Spot[];
  readonly renewals: readonly Renewal[];
}

/** What the bundle and the issuer are made from, where cert-manager and trust-manager make them. */
export async function readSources(look: Look, namespace: string): Promise<Sources> {
  const [{ spots, trustNamespace, secrets }, issuers] = await Promise.all([
    readBundleSources(look),
    readRenewals(look, namespace, "issuer", new Set([issuerSecretName])),
  ]);
  const anchors = secrets.size === 0 ? [] : await readRenewals(look, trustNamespace, "anchor", secrets);
  return { spots, renewals: [...issuers, ...anchors] };
}

async function readBundleSources(look: Look) {
  const bundle = await readBundleObject(look);
  if (bundle === undefined)
    return { spots: [], trustNamespace: usualTrustNamespace, secrets: new Set<string>() };
  const trustNamespace = await readTrustNamespace(look);
  const sources = trustSourcesOf(bundle.object).filter(isWhole);
  const spots = await Promise.all(sources.map((source) => spotsOf(look, source, bundle, trustNamespace)));
  const secrets = sources.flatMap((one) => secretNamed(one) ?? []);
  return { spots: spots.flat(), trustNamespace, secrets: new Set(secrets) };
}

interface BundleObject {
  readonly called: string;
  readonly object: unknown;
}

// A Bundle that was moved to the new API is there under both names, and the new one counts.
async function readBundleObject(look: Look): Promise<BundleObject | undefined> {
  const apis = [
    ["ClusterBundle", "/apis/trust-manager.io/v1alpha2/clusterbundles"],
    ["Bundle", "/apis/trust.cert-manager.io/v1alpha1/bundles"],
  ] as const;
  const seen = await Promise.all(
    apis.map(async ([kind, path]) => {
      const called = `${kind} ${trustRootsName}`;
      return { called, object: (await look.one(called, `${path}/${trustRootsName}`, "aside"))?.value };
    }),
  );
  return seen.find(({ object }) => object !== undefined);
}

/** Its own Deployment says so; where that cannot be seen, the chart's default is taken. */
async function readTrustNamespace(look: Look): Promise<string> {
  const path = "/apis/apps/v1/deployments";
  const query = { labelSelector: "app.kubernetes.io/name=trust-manager" };
  const seen = await look.all("Deployments", path, {
    query,
    project: trustNamespaceIn,
    importance: "silent",
  });
  return seen?.value[0] ?? usualTrustNamespace;
}

async function spotsOf(
  look: Look,
  source: TrustSource,
  { called, object }: BundleObject,
  namespace: string,
): Promise<readonly Spot[]> {
  const own = { role: "source", readBy, owners: ownersIn({ value: object }) } as const;
  if (source.kind === "text")
    return [{ ...own, what: `${called}, its own text`, reading: { value: readBundle(source.text) } }];
  if (source.kind === "default CAs")
    return [{ ...own, what: `${called}, the public CAs`, reading: undefined }];
  const plural = source.kind === "Secret" ? "secrets" : "configmaps";
  const path = `/api/v1/namespaces/${namespace}/${plural}`;
  if (source.name !== undefined) {
    const what = `${source.kind} ${namespace}/${source.name}`;
    return [spotOf(source, what, await look.one(what, `${path}/${source.name}`, "aside"))];
  }
  const labels = labelSelectorOf(source.selector ?? { labels: {}, expressions: [] });
  const what = `${source.kind}s of ${namespace} with ${labels || "any label"}`;
  // Only what the Bundle takes in is kept of an object.
  const project = (one: unknown) => {
    const { metadata } = one as { readonly metadata?: ObjectMeta }; // every object has it
    return spotOf(source, `${source.kind} ${namespace}/${metadata?.name ?? ""}`, { value: one });
  };
  const query = labels === "" ? {} : { labelSelector: labels };
  const seen = await look.all(what, path, { query, project, importance: "aside" });
  return seen?.value ?? [spotOf(source, what, undefined)];
}

const readBy = "trust-manager, which makes the ConfigMap of all its sources";

/** Of a Secret only the keys that the Bundle names are read. */
function spotOf(source: ObjectSource, what: string, seen: Seen<unknown> | undefined): Spot {
  const { data = {} } = (seen?.value as ConfigMap | Secret | undefined) ?? {}; // the path says so
  const texts = Object.entries(data)
    .filter(([key]) => takesKey(source, key))
    .map(([, text]) => (source.kind === "Secret" ? Buffer.from(text, "base64").toString("utf8") : text));
  return {
    what: `${what}, ${source.key === "*" ? "every key" : source.key}`,
    role: "source",
    readBy,
    owners: ownersIn(seen),
    reading: seen && { value: texts.length === 0 ? undefined : readBundle(texts.join("\n")) },
  };
}
