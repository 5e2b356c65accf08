import { hash } from "node:crypto";
import type { MeshedProxy } from "../../trust/gather/proxy.ts";

/** A namespace holds one bundle, and three while a mesh is rotated; of five anchors each that is 12 KiB. */
const ration = { bundles: 32, characters: 256 * 1024 };
/** What is in use is counted at most so often: while a list comes in, what it brings cannot be counted yet. */
const recountMs = 60_000;
/** Namespaces that are gone are forgotten once so many more are known than there were. */
const namespacesAtOnce = 1000;

export interface RationOptions {
  /** What is kept now. */
  readonly kept: () => Iterable<MeshedProxy>;
  /** Milliseconds that only grow. */
  readonly elapsed: () => number;
}

/** Bundles by their digest, with their length: the texts themselves are kept once for all namespaces. */
type Bundles = Map<string, number>;

/**
 * Keeps the bundles of a namespace's proxies within a ration. Whoever may make
 * pods may write what they like into them, and a thousand pods, each with
 * another bundle as long as the kernel takes, would cost the guard its memory
 * and its time. What is beyond the ration counts as no bundle: it is of that
 * namespace's own making, and no other namespace loses anything by it.
 */
export function bundleRation({ kept, elapsed }: RationOptions): (proxy: MeshedProxy) => MeshedProxy {
  const known = new Map<string, Bundles>();
  const counted = new Map<string, number>();
  let [sweptAt, sweepFrom] = [elapsed(), namespacesAtOnce];
  return (proxy) => {
    const { bundle, namespace } = proxy;
    if (bundle === undefined || bundle === "") return proxy;
    const digest = hash("sha256", bundle);
    let bundles = known.get(namespace) ?? new Map<string, number>();
    const hasRoom = () => bundles.has(digest) || fits(bundles, bundle);
    if (!hasRoom()) bundles = recount(namespace, bundles);
    if (!hasRoom()) return { ...proxy, bundle: "" };
    known.set(namespace, bundles.set(digest, bundle.length));
    if (known.size > sweepFrom && elapsed() - sweptAt >= recountMs) sweep();
    return proxy;
  };

  // Where each run of a pipeline has a namespace of its own, there have been far more of them than there are.
  function sweep(): void {
    const inUse = new Set([...kept()].map(({ namespace }) => namespace));
    for (const namespace of known.keys()) if (!inUse.has(namespace)) forget(namespace);
    [sweptAt, sweepFrom] = [elapsed(), known.size + namespacesAtOnce];
  }

  function forget(namespace: string): void {
    known.delete(namespace);
    counted.delete(namespace);
  }

  // Those of proxies that are gone make room; without this a guard of many rotations would see no bundle any more.
  function recount(namespace: string, before: Bundles): Bundles {
    const now = elapsed();
    if (now - (counted.get(namespace) ?? Number.NEGATIVE_INFINITY) < recountMs) return before;
    counted.set(namespace, now);
    const inUse = [...kept()].flatMap((one) => (one.namespace === namespace && one.bundle) || []);
    const bundles = new Map([...new Set(inUse)].map((text) => [hash("sha256", text), text.length]));
    known.set(namespace, bundles);
    return bundles;
  }
}

function fits(bundles: Bundles, one: string): boolean {
  const characters = [...bundles.values()].reduce((sum, length) => sum + length, one.length);
  return bundles.size < ration.bundles && characters <= ration.characters;
}
