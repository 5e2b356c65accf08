import type { ConfigMap } from "../../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../../trust/gather/trust-roots.ts";
import { few, named } from "../../../trust/naming.ts";
import type { WriteBundle } from "../../../trust/rotation/plan.ts";
import { readBundle } from "../../../trust/x509/index.ts";
import type { Meta } from "../objects.ts";
import { bundleText } from "./bundle-text.ts";
import { type Context, insistence } from "./context.ts";
import { insist } from "./insist.ts";
import { judged } from "./judged.ts";
import { keepInStep } from "./keep-in-step.ts";
import { again, done, type Outcome } from "./outcome.ts";
import { writeObject } from "./write-object.ts";

/** The trust bundle as planned, if it is still what it was planned from, and if the guard's rules let it be. */
export async function writeBundle(step: WriteBundle, context: Context): Promise<Outcome> {
  const { observer, namespace, dryRun } = context;
  const { cluster } = observer;
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const path = `${maps}/${trustRootsName}`;
  const seen = await insist(cluster, "GET", path, {}, insistence(context));
  const old = seen.status === 200 ? (seen.body as ConfigMap & { metadata: Meta }) : undefined; // the path says so
  const before = old?.data?.[bundleKey] ?? "";
  if (!isAsPlanned(before, step)) return again("the trust bundle has changed since it was looked at");

  const data = { [bundleKey]: bundleText(step.anchors, before) };
  const change = {
    target: "trust-roots",
    object: { ...old, data: { ...old?.data, ...data } },
    oldObject: old,
  } as const;
  const verdict = await judged(change, context);
  if (verdict !== undefined) return verdict;

  const what = "the trust bundle";
  const fresh = () => newMap(namespace, data);
  const unwritten = await writeObject(
    { what, collection: maps, name: trustRootsName, old, data, fresh },
    context,
  );
  if (unwritten !== undefined) return unwritten;
  if (!dryRun) {
    await keepInStep({ anchors: data[bundleKey] ?? "" }, context);
    await observer.reread("bundle");
  }
  const drops = step.drops.length === 0 ? "" : `, without ${few(step.drops.map(named))}`;
  return done(`ConfigMap ${namespace}/${trustRootsName} holds ${few(step.anchors.map(named))}${drops}`);
}

// Somebody may have added an anchor of their own meanwhile, which this write would lose.
function isAsPlanned(text: string, { anchors, adds, drops }: WriteBundle): boolean {
  const added = new Set(adds.map(({ fingerprint }) => fingerprint));
  const planned = [...anchors.filter(({ fingerprint }) => !added.has(fingerprint)), ...drops];
  const ids = (some: readonly { readonly fingerprint: string }[]) =>
    [...new Set(some.map(({ fingerprint }) => fingerprint))].sort().join();
  const reading = readBundle(text);
  return ids(reading.refused === undefined ? reading.anchors : []) === ids(planned);
}

function newMap(namespace: string, data: Readonly<Record<string, string>>): object {
  const labels = {
    "linkerd.io/control-plane-component": "identity",
    "linkerd.io/control-plane-ns": namespace,
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: trustRootsName, namespace, labels }, data };
}
