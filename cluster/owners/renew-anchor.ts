import type { ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { few, named } from "../../trust/naming.ts";
import { ownersOf } from "../../trust/owners/owner-of.ts";
import { type Certificate, readBundle } from "../../trust/x509/index.ts";
import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readOne } from "../read.ts";
import { referencesIn, withAnchors } from "./inline-anchors.ts";
import { type CertificateName, renewCertificate, troubleOf } from "./renew-certificate.ts";
import { findTrustBundle, taken, writeInline } from "./trust-bundle.ts";
import { until } from "./until.ts";

export interface AnchorRenewal {
  readonly cluster: Cluster;
  /** trust-manager's Bundle that makes the trust bundle. */
  readonly bundle: string;
  /** Where trust-manager reads its sources. */
  readonly trustNamespace: string;
  /** What the live trust bundle holds. */
  readonly anchors: readonly Certificate[];
  readonly now: Date;
  readonly signal: AbortSignal;
  /** What brings the anchor: see anchorSource. */
  readonly source: AnchorSource;
  /** Says what is being waited for. */
  tell(sentence: string): void;
}

/** Long enough for controllers that are busy; they need a second or two. */
const patienceMs = 120_000;

/**
 * A new anchor by way of cert-manager, without losing the old one: first the
 * Bundle is made to keep what it has (by itself trust-manager would swap them),
 * then the anchor's Certificate is issued anew. Gives the anchors that are new.
 * Done again after it was interrupted it goes on, and renews at most once more.
 */
export async function renewAnchor(renewal: AnchorRenewal): Promise<readonly Certificate[]> {
  const { cluster, anchors, now, signal, tell } = renewal;
  const patience = { signal, timeoutMs: patienceMs };
  tell(`trust-manager's Bundle ${renewal.bundle} is made to keep ${few(anchors.map(named))}`);
  for (let attempt = 0; attempt < 5; attempt++) {
    const bundle = await findTrustBundle(cluster, renewal.bundle, signal);
    if (await writeInline(cluster, bundle, { adds: anchors, drops: [] }, signal)) break;
  }
  const word = await until(
    async () => taken(await findTrustBundle(cluster, renewal.bundle, signal)),
    patience,
  );
  if (word?.ok !== true)
    throw new Failure(
      `trust-manager has not taken up Bundle ${renewal.bundle}${word === undefined ? " within two minutes" : `: ${word.message}`}`,
      "See whether it runs; the anchor was not renewed.",
    );

  const kept = await findTrustBundle(cluster, renewal.bundle, signal);
  if (withAnchors(kept.object.spec ?? {}, kept.kind, anchors, []) !== undefined)
    throw new Failure(
      `somebody else writes trust-manager's Bundle ${renewal.bundle} all the time, and it does not keep the old anchor`,
      "See who writes it; the anchor was not renewed.",
    );

  const { certificate, secret } = renewal.source;
  const called = `${certificate.namespace}/${certificate.name}`;
  tell(`cert-manager is asked to renew Certificate ${called}`);
  await renewCertificate(cluster, certificate, now, signal);
  const old = new Set(anchors.map(({ fingerprint }) => fingerprint));
  const fresh = await until(async () => {
    const now = (await anchorsIn(renewal, secret)).filter(({ fingerprint }) => !old.has(fingerprint));
    return now.length > 0 ? now : undefined;
  }, patience);
  if (fresh !== undefined) return fresh;
  const trouble = await troubleOf(cluster, certificate, signal);
  throw new Failure(
    `cert-manager has not renewed Certificate ${called} within two minutes${trouble === undefined ? "" : `: ${trouble}`}`,
    `See what it says: kubectl describe certificate -n ${certificate.namespace} ${certificate.name}`,
  );
}

interface Source {
  readonly name: string;
  readonly key: string;
}

export interface AnchorSource {
  readonly secret: Source;
  readonly certificate: CertificateName;
}

/** The one source of the Bundle that a Certificate makes. Throws a Failure where there is not just one. Writes nothing. */
export async function anchorSource({
  cluster,
  bundle,
  trustNamespace: namespace,
  signal,
}: Pick<AnchorRenewal, "cluster" | "bundle" | "trustNamespace" | "signal">): Promise<AnchorSource> {
  const { object } = await findTrustBundle(cluster, bundle, signal);
  const found: AnchorSource[] = [];
  for (const { kind, name, key } of referencesIn(object.spec ?? {})) {
    if (kind !== "Secret") continue;
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    const seen = (await readOne(cluster, path, { signal })) as { metadata?: ObjectMeta } | undefined; // the path says so
    const owner = ownersOf(seen?.metadata).find((one) => one.kind === "cert-manager");
    if (owner !== undefined)
      found.push({ secret: { name, key }, certificate: { namespace, name: owner.name } });
  }
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  throw new Failure(
    only === undefined
      ? `no source of trust-manager's Bundle ${bundle} is made by a Certificate of cert-manager`
      : `several Certificates make sources of trust-manager's Bundle ${bundle}: ${few(found.map((one) => one.certificate.name))}`,
    "Name the new anchor's certificate yourself: rotate anchor --anchor FILE.",
  );
}

async function anchorsIn({ cluster, trustNamespace, signal }: AnchorRenewal, { name, key }: Source) {
  const path = `/api/v1/namespaces/${trustNamespace}/secrets/${name}`;
  // The path says so; of the Secret only the certificate is looked at.
  const secret = (await readOne(cluster, path, { signal })) as Secret | undefined;
  return readBundle(Buffer.from(secret?.data?.[key] ?? "", "base64")).anchors;
}
