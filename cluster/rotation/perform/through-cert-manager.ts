import { issuerSecretName } from "../../../trust/gather/issuer-secret.ts";
import type { ObjectMeta } from "../../../trust/gather/objects.ts";
import { named } from "../../../trust/naming.ts";
import { ownersOf } from "../../../trust/owners/owner-of.ts";
import type { LiveIssuer, RotationView } from "../../../trust/rotation/view.ts";
import { type Certificate, verifyAsIdentity } from "../../../trust/x509/index.ts";
import { type CertificateName, renewCertificate, troubleOf } from "../../owners/renew-certificate.ts";
import { anchorsOfAuthority, signingAuthority } from "../../owners/signing-authority.ts";
import { until } from "../../owners/until.ts";
import { readOne } from "../../read.ts";
import type { Context } from "./context.ts";
import { done, type Outcome, refused } from "./outcome.ts";

/** An in-cluster CA signs at once; another may need a person's approval. */
const patienceMs = 120_000;

/** A new issuer by way of cert-manager: its Certificate is issued anew, and the Secret read until it holds another. */
export async function writeThroughCertManager(context: Context): Promise<Outcome> {
  const { observer, namespace, signal, dryRun, view } = context;
  const { cluster } = observer;
  const path = `/api/v1/namespaces/${namespace}/secrets/${issuerSecretName}`;
  const secret = (await readOne(cluster, path, { signal })) as { metadata?: ObjectMeta } | undefined; // the path says so
  const owner = ownersOf(secret?.metadata).find(({ kind }) => kind === "cert-manager");
  const certificate = { namespace, name: owner?.name ?? issuerSecretName };
  const called = `Certificate ${namespace}/${certificate.name}`;
  const unfit = await unfitAuthority(certificate, called, context);
  if (unfit !== undefined) return unfit;
  if (dryRun) return done(`cert-manager's ${called} would be renewed`);

  const before = view.issuer;
  // Where its authority cannot be seen, only a renewal shows that it signs by the old anchor: once, and not each minute.
  if (before !== undefined && context.renewedInVain?.has(before.certificate.fingerprint))
    return sameAnchor(called, before.certificate);
  await renewCertificate(cluster, certificate, observer.server.now(), signal);
  const renewed = await until(
    async () => {
      await observer.reread("issuer");
      const issuer = observer.view()?.issuer;
      return issuer?.certificate.fingerprint === before?.certificate.fingerprint ? undefined : issuer;
    },
    { signal, timeoutMs: patienceMs },
  );
  if (renewed === undefined) {
    const trouble = await troubleOf(cluster, certificate, signal);
    return refused(
      `cert-manager has not renewed ${called} within two minutes${trouble === undefined ? "" : `: ${trouble}`}`,
      `See what it says: kubectl describe certificate -n ${namespace} ${certificate.name}`,
    );
  }
  const [old, fresh] = [before, renewed].map((issuer) => fingerprints(anchorsOf(issuer, view)));
  // The same anchor again, and asked once more it would be so for ever.
  if (context.underSameAnchor !== true && old === fresh) {
    context.renewedInVain?.add(renewed.certificate.fingerprint);
    return sameAnchor(called, renewed.certificate);
  }
  return done(`cert-manager renewed ${called}: issuer ${named(renewed.certificate)}`);
}

function sameAnchor(called: string, issuer: Certificate): Outcome {
  return refused(
    `cert-manager's ${called} was renewed by the same anchor as before: ${named(issuer)}; it is not renewed again by this run`,
    "See which Secret its issuer signs with (kubectl describe clusterissuers), and put the new anchor there, with its key. Then renew it yourself, or run this again.",
  );
}

/** Why its authority must not sign now, seen before it does; undefined where it may, or cannot be seen. */
async function unfitAuthority(
  certificate: CertificateName,
  called: string,
  { observer: { cluster }, signal, view, underSameAnchor }: Context,
): Promise<Outcome | undefined> {
  const authority = await signingAuthority(cluster, certificate, signal);
  if (authority === undefined) return undefined;
  const by = `${named(authority.certificate)} of ${authority.secret}`;
  const fresh = anchorsOfAuthority(authority, view.bundle?.anchors ?? [], view.now);
  if (fresh.length === 0)
    return refused(
      `cert-manager's ${called} would be signed by ${by}, which is no anchor of the trust bundle; it was not renewed`,
      `Put an anchor of the trust bundle, with its key, into ${authority.secret}, or bring this one into the bundle; then go on.`,
    );
  if (underSameAnchor === true || fingerprints(fresh) !== fingerprints(anchorsOf(view.issuer, view)))
    return undefined;
  return refused(
    `cert-manager's ${called} would be signed by the same anchor as before: ${by}; it was not renewed`,
    `Put the new anchor, with its key, into ${authority.secret}, then go on.`,
  );
}

function anchorsOf(issuer: LiveIssuer | undefined, { bundle, now }: RotationView): readonly Certificate[] {
  if (issuer === undefined) return [];
  const { certificate, intermediates } = issuer;
  return (bundle?.anchors ?? []).filter((one) => verifyAsIdentity(certificate, intermediates, [one], now).ok);
}

const fingerprints = (some: readonly Certificate[]): string =>
  some.map(({ fingerprint }) => fingerprint).join();
