// What happens to a mesh while it is rotated, besides what the executor does.
import fc from "fast-check";
import { type Cluster, grace, minute, type Pod, second, type Work, type World } from "./cluster.ts";
import { refusedBy, type Write } from "./guard.ts";
import { freshIssuer, putBundle, putIssuer, restart } from "./perform.ts";
import type { Name } from "./pki.ts";
import { oneOf } from "./random.ts";
import { end, lasting, pass } from "./time.ts";

export interface Act {
  readonly kind: (typeof harmless)[number] | (typeof meddling)[number] | "pass" | "step";
  /** Which cluster, which of its workloads, or how long: whatever the act asks for. */
  readonly pick: number;
  /** A guard stands before the cluster. */
  readonly guarded: boolean;
}

/** Every day's work, which touches neither the bundle's anchors nor the issuer. */
export const harmless = [
  "crash",
  "lose-node",
  "scale",
  "restart-by-hand",
  "pause",
  "break",
  "mend",
  "miss",
  "hide",
  "kill",
  "touch-bundle",
  "lose-evidence",
] as const;

/** Somebody else's hands on what is rotated. */
export const meddling = [
  "revert-bundle",
  "drop-old",
  "add-third",
  "issuer-of-old",
  "issuer-of-next",
  "issuer-of-third",
  "delete-secret",
] as const;

const spans = [second, 7 * second, 45 * second, 3 * minute, 15 * minute, 70 * minute];

export const storyOf = (acts: readonly Act[]): string =>
  acts.map(({ kind, pick, guarded }) => `${kind}:${pick}${guarded ? "" : "!"}`).join(" ");

export function acts(kinds: readonly Act["kind"][], guarded: fc.Arbitrary<boolean>): fc.Arbitrary<Act[]> {
  const pick = fc.nat(999);
  const kind = fc.oneof(
    { weight: 5, arbitrary: fc.constant("step" as const) },
    { weight: 4, arbitrary: fc.constant("pass" as const) },
    { weight: kinds.length === 0 ? 0 : 3, arbitrary: fc.constantFrom(...kinds, "pass" as const) },
  );
  return fc.array(fc.record({ kind, pick, guarded }), { maxLength: 60, size: "max" });
}

/** Does it; a step is somebody else's to do. */
export function act(world: World, { kind, pick, guarded }: Act): void {
  const cluster = world.clusters[pick % world.clusters.length];
  const works = cluster?.works ?? [];
  const work = works[Math.floor(pick / 3) % works.length];
  if (kind === "pass") pass(world, spans[pick % spans.length] ?? second);
  else if (kind !== "step" && cluster !== undefined && work !== undefined)
    does[kind]({ world, cluster, work, put: (write) => put(world, cluster, write, guarded) });
}

interface Place {
  readonly world: World;
  readonly cluster: Cluster;
  readonly work: Work;
  readonly put: (write: Write) => void;
}

const does: Readonly<Record<Exclude<Act["kind"], "pass" | "step">, (place: Place) => void>> = {
  crash: ({ world, work }) => end(world, oneOf(lasting(work), world.random)),
  "lose-node": ({ world, cluster }) => {
    for (const one of cluster.works) for (const pod of one.pods) if (world.random() < 0.3) lose(one, pod);
  },
  scale: ({ world, work }) => {
    if (work.kind === "bare-pod" || work.kind === "job") return;
    work.replicas = Math.min(5, smallest(work) + Math.floor(world.random() * 4));
  },
  "restart-by-hand": ({ world, cluster, work }) => restart(world, cluster, (one) => one === work),
  pause: ({ work }) => {
    if (work.role === "workload" && work.kind === "deploy") work.paused = !work.paused;
  },
  // Somebody's new version does not start.
  break: ({ world, cluster, work }) => {
    if (work.role !== "workload" || work.kind === "job" || work.kind === "bare-pod") return;
    work.broken = true;
    restart(world, cluster, (one) => one === work);
  },
  mend: ({ world, cluster }) => {
    for (const one of cluster.works.filter(({ broken }) => broken)) mend(world, cluster, one);
  },
  miss: ({ cluster }) => {
    cluster.misses = true;
  },
  hide: ({ cluster }) => {
    cluster.unseen = !cluster.unseen;
  },
  kill: ({ world }) => {
    for (const one of world.clusters) one.injects = undefined;
  },
  "touch-bundle": ({ world, cluster }) => putBundle(world, cluster, cluster.bundle),
  "lose-evidence": ({ cluster }) => {
    cluster.recorded = [];
    cluster.events = [];
  },
  "revert-bundle": ({ put }) => put({ bundle: ["old"] }),
  "drop-old": ({ cluster, put }) => put({ bundle: cluster.bundle.filter((name) => name !== "old") }),
  "add-third": ({ cluster, put }) => put({ bundle: [...new Set<Name>([...cluster.bundle, "third"])] }),
  "issuer-of-old": ({ cluster, put }) => put({ issuer: freshIssuer(cluster, "old") }),
  "issuer-of-next": ({ cluster, put }) => put({ issuer: freshIssuer(cluster, "next") }),
  "issuer-of-third": ({ cluster, put }) => put({ issuer: freshIssuer(cluster, "third") }),
  "delete-secret": ({ put }) => put({ issuer: undefined }),
};

function put(world: World, cluster: Cluster, write: Write, guarded: boolean): void {
  if ("bundle" in write && write.bundle.length === 0) return;
  // A guard that sees no workload for a moment would let the Secret be deleted: that is known, and not asked here.
  const unused = cluster.works.every(({ role, pods }) => role !== "workload" || pods.size === 0);
  if (guarded && (unused || refusedBy(world, cluster, write).length > 0)) return;
  if ("bundle" in write) putBundle(world, cluster, write.bundle);
  else putIssuer(world, cluster, write.issuer);
}

// Of Linkerd's own one is always wanted. Of identity there are never fewer, for events do not tell who spoke, and
// one that spoke and went for good would count for one that missed the write.
const smallest = ({ role, replicas, kind }: Work): number =>
  role === "identity" ? replicas : role === "workload" && kind !== "deploy" ? 0 : 1;

function lose(work: Work, pod: Pod): void {
  work.pods.delete(pod);
  // Of identity one is left: leaves are not to end for want of a signer. And some workload is: a guard that sees
  // none lets the Secret be deleted.
  const wanted = work.role === "identity" || (work.role === "workload" && work.kind === "deploy");
  if (wanted && work.pods.size === 0) work.pods.add(pod);
}

function mend(world: World, cluster: Cluster, work: Work): void {
  work.broken = false;
  restart(world, cluster, (one) => one === work);
}

/** What a person does about a workload of which a plan says that it stands in the way. */
export function help(world: World, cluster: Cluster, id: string): boolean {
  const work = cluster.works.find((one) => one.id === id || `deploy/${one.id}` === id);
  if (work === undefined) return false;
  work.paused = false;
  if (work.kind !== "bare-pod" && work.kind !== "on-delete") {
    mend(world, cluster, work);
    return true;
  }
  work.broken = false;
  for (const pod of lasting(work)) pod.endsAt = world.now + grace;
  if (work.kind === "bare-pod") {
    const injector = cluster.works.flatMap((one) => [...one.pods]).find(({ file }) => file !== undefined);
    if (injector?.file === undefined) return true;
    work.pods.add({ madeAt: world.now, generation: 1, broken: false, names: injector.file });
  }
  return true;
}
