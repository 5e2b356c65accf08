import type { ObjectMeta } from "../../../trust/gather/objects.ts";
import { trustRootsName } from "../../../trust/gather/trust-roots.ts";
import { few, named } from "../../../trust/naming.ts";
import { ownersOf } from "../../../trust/owners/owner-of.ts";
import type { WriteBundle } from "../../../trust/rotation/plan.ts";
import { referencesIn } from "../../owners/inline-anchors.ts";
import { passOnPreviousAnchor } from "../../owners/previous-anchor.ts";
import { findTrustBundle, taken, writeInline } from "../../owners/trust-bundle.ts";
import { until } from "../../owners/until.ts";
import { readOne } from "../../read.ts";
import type { Context } from "./context.ts";
import { ownWord } from "./insist.ts";
import { done, type Outcome, refused } from "./outcome.ts";

/** trust-manager writes within a second; the guard's answer it tells in the Bundle's status. */
const patienceMs = 60_000;

/**
 * The trust bundle as planned, by way of trust-manager: what is to be added is
 * written into its Bundle, and what is to go is taken out of that text. Where
 * another source still brings what is to go, that source is a person's to change.
 */
export async function writeThroughTrustManager(step: WriteBundle, context: Context): Promise<Outcome> {
  const { observer, namespace, signal, dryRun } = context;
  const { cluster } = observer;
  const path = `/api/v1/namespaces/${namespace}/configmaps/${trustRootsName}`;
  const roots = (await readOne(cluster, path, { signal })) as { metadata?: ObjectMeta } | undefined; // the path says so
  const owner = ownersOf(roots?.metadata).find(({ kind }) => kind === "trust-manager");
  const name = owner?.name ?? trustRootsName;
  if (dryRun)
    return done(`trust-manager's Bundle ${name} would be asked for ${few(step.anchors.map(named))}`);

  if (step.drops.length > 0) await passOnPreviousAnchor(cluster, step, signal);
  try {
    for (let attempt = 0; attempt < 5; attempt++)
      if (await writeInline(cluster, await findTrustBundle(cluster, name, signal), step, signal)) break;
  } catch (error) {
    // Argo CD or Flux keeps the Bundle, or there is none.
    if (ownWord(error)) return refused(error.message, error.hint);
    throw error;
  }
  const wanted = fingerprints(step.anchors);
  const arrived = await until(
    async () => {
      await observer.reread("bundle");
      return fingerprints(observer.view()?.bundle?.anchors ?? []) === wanted || undefined;
    },
    { signal, timeoutMs: patienceMs },
  );
  if (arrived) return done(`trust-manager's Bundle ${name} brings ${few(step.anchors.map(named))}`);

  const bundle = await findTrustBundle(cluster, name, signal);
  const word = taken(bundle);
  if (word?.ok === false)
    return refused(`trust-manager could not write the trust bundle: ${word.message}`, "Mend it, then go on.");
  const sources = referencesIn(bundle.object.spec ?? {}).map(
    ({ kind, name, key }) => `${kind} ${name}, ${key}`,
  );
  return refused(
    `trust-manager has not made the trust bundle as planned within a minute; its sources are ${few(sources)}`,
    step.drops.length > 0
      ? `Take ${few(step.drops.map(named))} out of the source that brings it, then go on.`
      : "See whether trust-manager runs: kubectl get bundles,clusterbundles.",
  );
}

function fingerprints(some: readonly { readonly fingerprint: string }[]): string {
  return [...new Set(some.map(({ fingerprint }) => fingerprint))].sort().join();
}
