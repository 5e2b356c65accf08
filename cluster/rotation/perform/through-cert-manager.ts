import { issuerSecretName } from "../../../trust/gather/issuer-secret.ts";
import type { ObjectMeta } from "../../../trust/gather/objects.ts";
import { named } from "../../../trust/naming.ts";
import { ownersOf } from "../../../trust/owners/owner-of.ts";
import { verifyAsIdentity } from "../../../trust/x509/index.ts";
import { renewCertificate, troubleOf } from "../../owners/renew-certificate.ts";
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
  if (dryRun) return done(`cert-manager's ${called} would be renewed`);

  const before = view.issuer;
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
  const anchors = view.bundle?.anchors ?? [];
  const [old, fresh] = [before, renewed].map((issuer) =>
    anchors
      .filter(
        (one) => issuer && verifyAsIdentity(issuer.certificate, issuer.intermediates, [one], view.now).ok,
      )
      .map(({ fingerprint }) => fingerprint)
      .join(),
  );
  // The same anchor again, and asked once more it would be so for ever.
  if (context.underSameAnchor !== true && old === fresh)
    return refused(
      `cert-manager's ${called} was renewed by the same anchor as before: ${named(renewed.certificate)}`,
      "See which Secret its issuer signs with, and renew that first: kubectl describe clusterissuers.",
    );
  return done(`cert-manager renewed ${called}: issuer ${named(renewed.certificate)}`);
}
