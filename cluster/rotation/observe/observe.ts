import { openIssuerSecret } from "../../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../../trust/gather/mesh.ts";
import { openTrustRoots } from "../../../trust/gather/trust-roots.ts";
import type { LeafSeen, RotationView } from "../../../trust/rotation/view.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import type { Log } from "../../log.ts";
import { only, type Reflector } from "../../reflect.ts";
import type { WorkloadKind } from "../kinds.ts";
import type { SeenWorkload } from "../workloads/workloads.ts";
import { assemble } from "./assemble.ts";
import { leavesSeen } from "./leaves-seen.ts";
import type { Evidence } from "./live-issuer.ts";
import type { Observer } from "./observer.ts";
import { allOf, reflectors } from "./reflectors.ts";
import { serverClock, timed, timekeeper } from "./server-clock.ts";
import { newMemory, sightingOf } from "./sighting.ts";
import { watchTroubles } from "./troubles.ts";

export interface ObserveOptions {
  /** Linkerd's own. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly log?: Log;
  /** Ids of workloads that nobody here restarts. */
  readonly excluded?: ReadonlySet<string>;
  /** How long a roll-out may stand still before it counts as failed. */
  readonly patienceMs?: number;
  readonly recovering?: boolean;
  /** Proofs that the journal holds: which issuer is in use since when. */
  readonly evidence?: readonly Evidence[];
  /** Leaves that were seen before, as the journal has them. */
  readonly leaves?: readonly LeafSeen[];
  /** How long after a look at a leaf the next one may be; a minute by default. */
  readonly leafEveryMs?: number;
  readonly kinds: readonly WorkloadKind[];
}

/** Looks at one cluster until it is stopped. What is kept of ten thousand pods is a few megabytes. */
export function observe(plain: Cluster, options: ObserveOptions): Observer {
  const { namespace, clock, patienceMs = 600_000, excluded = new Set<string>() } = options;
  const settled = { namespace, excluded, patienceMs, recovering: options.recovering ?? false };
  const server = serverClock(clock);
  const cluster = timed(plain, clock, server);
  const stopping = new AbortController();
  const { signal } = stopping;
  const watched = reflectors(cluster, options);
  const all = allOf(watched);
  const workloads = byId(watched.workloads);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  for (const one of all) one.onChange(changed);
  const troubles = watchTroubles(cluster, signal, changed);
  const { leaves: recorded = [], leafEveryMs: everyMs = 60_000 } = options;
  const leaves = leavesSeen(cluster, { now: server.now, signal, recorded, everyMs, changed });
  const memory = newMemory(options.evidence ?? []);
  const isRead = () => server.aheadMs !== undefined && all.every((one) => one.synced);
  const keepTime = timekeeper(cluster, signal);
  keepTime();

  return {
    view() {
      keepTime();
      if (!isRead()) return undefined;
      const now = server.now();
      const sight = { watched, workloads: workloads(), leaves, troubles: troubles.known, now };
      const view = assemble(sightingOf(sight, memory, settled));
      troubles.look(troubled(view, namespace), clock());
      return view;
    },
    get failure() {
      const failed = all.find(({ failure }) => failure !== undefined)?.failure;
      return failed ?? (isRead() ? undefined : notYet);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async confirm(timeoutMs) {
      await Promise.all(all.map((one) => one.refresh(timeoutMs)));
    },
    lookAtLeaves: (ids, issuer) => leaves.look(watched.pods.items.values(), ids, issuer),
    get looking() {
      return leaves.looking;
    },
    reread: (what) => (what === "bundle" ? watched.roots : watched.issuer).refresh(10_000),
    workload: (id) => workloads().get(id),
    sources() {
      const proxies = [...watched.pods.items.values()].filter(({ leaving }) => !leaving);
      return {
        mesh: viewMesh(proxies.map(({ proxy }) => proxy)),
        trustRoots: only(watched.roots)?.opened ?? openTrustRoots(undefined),
        issuerSecret: only(watched.issuer)?.opened ?? openIssuerSecret(undefined),
      };
    },
    server,
    cluster,
    expect(id, generation) {
      memory.expected.set(id, generation);
      changed();
    },
    get proof() {
      return memory.injects;
    },
    injected(proof) {
      memory.injects = proof;
      changed();
    },
    stop() {
      stopping.abort();
      for (const one of all) one.stop();
    },
  };
}

/** Of all kinds, by their ids; put together anew only when one has changed. */
function byId(kinds: readonly Reflector<SeenWorkload>[]): () => ReadonlyMap<string, SeenWorkload> {
  let known: Map<string, SeenWorkload> | undefined;
  for (const one of kinds)
    one.onChange(() => {
      known = undefined;
    });
  return () => {
    known ??= new Map(kinds.flatMap(({ items }) => [...items.values()].map((one) => [one.id, one])));
    return known;
  };
}

const notYet = new Failure("the cluster is being read for the first time", "Wait a moment.");

function* troubled({ workloads, controlPlane }: RotationView, namespace: string): Generator<string> {
  for (const { id, rollout } of workloads) if (rollout.state !== "done") yield id;
  for (const { workload, rollout } of controlPlane)
    if (rollout.state !== "done") yield `${namespace}/${workload}`;
}
