import { interner } from "../../cluster/interner.ts";
import { type AskablePod, askable } from "../../cluster/leaf.ts";
import { leanProxy } from "../../cluster/lean-proxy.ts";
import { bundleId } from "../../trust/gather/mesh.ts";
import { controlPlaneLabel, type MeshedProxy, type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { sameAnchor } from "../../trust/judgements.ts";
import { type Certificate, readBundle } from "../../trust/x509/index.ts";
import type { Look } from "./look.ts";
import type { Holding, Survey } from "./types.ts";

export interface Pods {
  /** Those of this control plane; undefined where no pod could be seen. */
  readonly proxies?: readonly MeshedProxy[];
  /** Every namespace was seen, not only Linkerd's own. */
  readonly everywhere: boolean;
  /** The namespaces of other control planes that pods belong to, sorted. */
  readonly others: readonly string[];
  /** The proxy that started last, outside the control plane: its certificate is the newest. */
  readonly newest?: AskablePod;
}

/** The proxies of a mesh. Of ten thousand pods a handful of bundles and a few hundred names is kept. */
export async function readPods(look: Look, namespace: string): Promise<Pods> {
  const others = new Set<string>();
  const intern = interner();
  let newest: { readonly startedAt: Date; readonly pod: AskablePod | undefined } | undefined;
  const options = {
    query: { labelSelector: controlPlaneLabel },
    project: (object: unknown) => {
      const pod = object as Pod; // the path says so
      const controlPlane = pod.metadata?.labels?.[controlPlaneLabel];
      if (controlPlane !== namespace) {
        if (controlPlane !== undefined) others.add(controlPlane);
        return undefined;
      }
      const proxy = proxyOf(pod, namespace);
      if (proxy === undefined) return undefined;
      const { startedAt, component } = proxy;
      if (startedAt !== undefined && component === undefined && pod.status?.phase === "Running") {
        if (newest === undefined || startedAt > newest.startedAt) newest = { startedAt, pod: askable(pod) };
      }
      return leanProxy(proxy, intern);
    },
  };
  const all = await look.all("Pods of all namespaces", "/api/v1/pods", options);
  const own =
    all ?? (await look.all(`Pods of ${namespace}`, `/api/v1/namespaces/${namespace}/pods`, options));
  // What a callback has assigned is not seen by the type checker.
  const asked = newest as { readonly pod: AskablePod | undefined } | undefined;
  return {
    ...(asked?.pod === undefined ? {} : { newest: asked.pod }),
    ...(own === undefined ? {} : { proxies: own.value }),
    everywhere: all !== undefined,
    others: [...others].sort(),
  };
}

/** Who holds which anchors, the most widely held first. */
export function holdingsOf(
  proxies: readonly MeshedProxy[],
  live: readonly Certificate[] | undefined,
): Holding[] {
  const byText = Map.groupBy(
    proxies.filter(({ bundle }) => bundle !== undefined),
    ({ bundle = "" }) => bundle,
  );
  const bySet = Map.groupBy(byText, ([text]) => bundleId(readBundle(text).anchors));
  return [...bySet]
    .map(([id, entries]) => {
      const holders = entries.flatMap(([, some]) => some);
      const { anchors } = readBundle(entries[0]?.[0] ?? "");
      const current = live?.every((anchor) => anchors.some((held) => sameAnchor(held, anchor)));
      return {
        id,
        anchors,
        proxies: holders.length,
        workloads: countWorkloads(holders),
        ...(current === undefined ? {} : { current }),
      };
    })
    .sort((a, b) => b.proxies - a.proxies || (a.id < b.id ? -1 : 1));
}

/** When each proxy started, for what its leaf's age tells. */
export function startsOf(proxies: readonly MeshedProxy[]): Survey["starts"] {
  return proxies.map(({ namespace, workload, startedAt }) => ({
    workload: `${namespace}/${workload}`,
    at: startedAt,
  }));
}

function countWorkloads(proxies: readonly MeshedProxy[]): Holding["workloads"] {
  return [...Map.groupBy(proxies, ({ namespace, workload }) => `${namespace}/${workload}`)]
    .map(([name, own]) => ({ name, proxies: own.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
