import type { TrustRoots } from "../../../trust/facts.ts";
import { openIssuerSecret } from "../../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../../trust/gather/mesh.ts";
import { openTrustRoots } from "../../../trust/gather/trust-roots.ts";
import type { LeafSeen, LiveBundle, RotationView } from "../../../trust/rotation/view.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import type { Log } from "../../log.ts";
import { only } from "../../reflect.ts";
import type { WorkloadKind } from "../kinds.ts";
import type { SeenWorkload } from "../workloads/workloads.ts";
import { assemble } from "./assemble.ts";
import { leavesSeen } from "./leaves-seen.ts";
import { type Evidence, liveIssuer } from "./live-issuer.ts";
import type { Injected, Observer } from "./observer.ts";
import { allOf, reflectors } from "./reflectors.ts";
import { serverClock, timed, timekeeper } from "./server-clock.ts";
import { sharedBundles } from "./shared-bundles.ts";
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
  const server = serverClock(clock);
  const cluster = timed(plain, clock, server);
  const stopping = new AbortController();
  const watched = reflectors(cluster, options);
  const all = allOf(watched);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  for (const one of all) one.onChange(changed);
  const { signal } = stopping;
  const troubles = watchTroubles(cluster, signal, changed);
  const { leaves: recorded = [], leafEveryMs: everyMs = 60_000 } = options;
  const leaves = leavesSeen(cluster, { now: server.now, signal, recorded, everyMs, changed });
  const expected = new Map<string, number>();
  const met = new Set<string>();
  const unwell = new Map<string, Date>();
  const proofs: Evidence[] = [...(options.evidence ?? [])];
  const anchorsOf = sharedBundles();
  let injects: Injected | undefined;
  let synced: Map<string, SeenWorkload> | undefined;
  for (const one of watched.workloads)
    one.onChange(() => {
      synced = undefined;
    });
  const keepTime = timekeeper(cluster, signal);
  keepTime();

  return {
    view() {
      keepTime();
      if (server.aheadMs === undefined || !all.every((one) => one.synced)) return undefined;
      const now = server.now();
      const roots = only(watched.roots);
      const pods = [...watched.pods.items.values()];
      const bundle = liveBundle(roots?.opened);
      const issuer = liveIssuer({
        secret: only(watched.issuer)?.opened,
        pods,
        identities: identitiesWanted(),
        events: [...watched.events.items.values()],
        proofs,
        now,
      });
      if (injects !== undefined && injects.at < (bundle?.changedAt ?? injects.at)) injects = undefined;
      const view = assemble({
        now,
        namespace,
        ...(bundle === undefined ? {} : { bundle }),
        ...(issuer === undefined ? {} : { issuer }),
        ...(injects === undefined ? {} : { injects: { anchors: injects.anchors, at: injects.at } }),
        ways: {
          bundle: roots?.way ?? { by: "us" },
          issuer: only(watched.issuer)?.way ?? { by: "us" },
        },
        pods,
        workloads: workloads(),
        expected,
        troubles: troubles.known,
        met,
        unwell,
        excluded,
        patienceMs,
        recovering: options.recovering ?? false,
        leavesHiddenIn: leaves.hiddenIn,
        leafOf: leaves.by(issuer),
        anchorsOf,
      });
      if (issuer?.inUse !== undefined) keep(issuer.certificate, issuer.inUse);
      troubles.look(troubled(view, namespace), clock());
      return view;
    },
    get failure() {
      const failed = all.find(({ failure }) => failure !== undefined)?.failure;
      if (failed !== undefined) return failed;
      return server.aheadMs === undefined || !all.every((one) => one.synced) ? notYet : undefined;
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
      expected.set(id, generation);
      changed();
    },
    get proof() {
      return injects;
    },
    injected(proof) {
      injects = proof;
      changed();
    },
    stop() {
      stopping.abort();
      for (const one of all) one.stop();
    },
  };

  function identitiesWanted(): number | undefined {
    return [...workloads().values()].find(({ component }) => component === "identity")?.says.desired;
  }

  function workloads(): ReadonlyMap<string, SeenWorkload> {
    synced ??= new Map(
      watched.workloads.flatMap(({ items }) => [...items.values()].map((one) => [one.id, one])),
    );
    return synced;
  }

  // An event is gone after an hour; that it was heard is not.
  function keep({ fingerprint }: Certificate, { since, evidence }: Omit<Evidence, "issuer">): void {
    if (!proofs.some((one) => one.issuer === fingerprint && one.since.getTime() === since.getTime()))
      proofs.push({ issuer: fingerprint, since, evidence });
  }
}

/** What identity loads; undefined where it would refuse the text. */
function liveBundle(roots: TrustRoots | undefined): LiveBundle | undefined {
  const { reading, changedAt } = roots ?? {};
  if (reading === undefined || reading.refused !== undefined || reading.anchors.length === 0)
    return undefined;
  return { anchors: reading.anchors, ...(changedAt === undefined ? {} : { changedAt }) };
}

const notYet = new Failure("the cluster is being read for the first time", "Wait a moment.");

function* troubled({ workloads, controlPlane }: RotationView, namespace: string): Generator<string> {
  for (const { id, rollout } of workloads) if (rollout.state !== "done") yield id;
  for (const { workload, rollout } of controlPlane)
    if (rollout.state !== "done") yield `${namespace}/${workload}`;
}
