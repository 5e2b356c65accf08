import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import type { Log } from "../../cluster/log.ts";
import { only, type Reflector } from "../../cluster/reflect.ts";
import type { MeshView } from "../../trust/facts.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { bundleId, viewMesh } from "../../trust/gather/mesh.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import type { Sight, Target } from "../answer.ts";
import { issuerHistory } from "./issuer-history.ts";
import { lastChange } from "./last-change.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { reflectAll, type WatchMetrics } from "./watched.ts";

/** The live state that the gate judges with, and the audit looks at. */
export interface Live extends Sight {
  status(): LiveStatus;
  /** Called when anything that is watched has changed; gives back how to end that. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

export interface LiveStatus {
  /** Everything that a verdict cannot do without is in sight, and nothing is being read for the first time. */
  readonly ready: boolean;
  /** Why it is not ready, in words. */
  readonly reasons: readonly string[];
  /** "seen", or why not. */
  readonly mesh: string;
}

export interface LiveOptions {
  readonly cluster: Cluster;
  /** Linkerd's own. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly log: Log;
  readonly random?: () => number;
  readonly metrics?: WatchMetrics;
}

/** The bundle, the issuer and the namespace are lost when nothing was heard of them for that long. */
const lostMs = 60_000;
/** An idle watch of pods has a bookmark a minute. */
const meshLostMs = 120_000;
/** A verdict may wait for the other object's newest state, but the API server waits no longer than 5 s for us. */
const refreshMs = 2000;

/** Watches what the gate judges with. Absent, unreadable and not read yet are three different things here. */
export function watchLive(options: LiveOptions): Live {
  const { namespace, clock, log } = options;
  const watched = reflectAll(options);
  const { trustRoots, issuer, config, namespaces, pods } = watched;
  const all: readonly Reflector<unknown>[] = Object.values(watched);
  const core = [
    [trustRoots, `ConfigMap ${namespace}/linkerd-identity-trust-roots`],
    [issuer, `Secret ${namespace}/linkerd-identity-issuer`],
    [namespaces, `Namespace ${namespace}`],
  ] as const;

  const history = issuerHistory();
  issuer.onChange(() => history.see(openedIssuer(), clock()));
  // By the monotonic clock: when each was last read past its watch.
  const confirmed = new Map<Target, number>();
  const reread: Readonly<Record<Target, () => Promise<void>>> = {
    "trust-roots": oneAtATime(() => trustRoots.refresh(refreshMs)),
    issuer: oneAtATime(() => issuer.refresh(refreshMs)),
  };
  // When the anchors were last seen to change: managedFields are only as good as who writes them.
  const changed = lastChange(() => bundleId(only(trustRoots)?.reading?.anchors ?? []), clock);
  trustRoots.onChange(changed.look);
  let mesh: MeshView | undefined;
  pods.onChange(() => {
    mesh = undefined;
  });

  return {
    sources() {
      const seen = meshUnseen() === undefined ? viewed() : undefined;
      const install = visible(config) ? only(config) : undefined;
      const scheme = seen?.identity?.scheme ?? install?.scheme;
      return {
        ...(visible(namespaces) ? { terminating: only(namespaces)?.terminating ?? false } : {}),
        ...(visible(trustRoots)
          ? { trustRoots: changed.noted(only(trustRoots) ?? openTrustRoots(undefined)) }
          : {}),
        ...(visible(issuer) ? { issuerSecret: openedIssuer() } : {}),
        ...(install === undefined ? {} : { install }),
        ...(seen === undefined ? {} : { mesh: seen }),
        issuersSeen: history.seen(scheme, clock(), seen?.identity?.lifetimeMs),
      };
    },
    lost,
    meshUnseen,
    async confirmPartner(written: Target, maxAgeMs: number) {
      const partner = written === "issuer" ? "trust-roots" : "issuer";
      const asked = performance.now();
      if (asked - (confirmed.get(partner) ?? Number.NEGATIVE_INFINITY) < maxAgeMs) return true;
      try {
        await reread[partner]();
        confirmed.set(partner, asked);
        return true;
      } catch (error) {
        const why = error instanceof Failure ? error.message : "unexpected";
        log.warn({ why }, "the other object could not be read anew");
        return false;
      }
    },
    status() {
      const listing = all.some((one) => !one.synced && one.failure === undefined);
      const reasons = [...lost(), ...(listing ? ["some objects are not listed yet"] : [])];
      return { ready: reasons.length === 0, reasons, mesh: meshUnseen() ?? "seen" };
    },
    onChange(listener) {
      const ends = all.map((one) => one.onChange(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    stop() {
      for (const one of all) one.stop();
    },
  };

  function lost(): string[] {
    return core.map(([one, what]) => unseen(one, what, lostMs)).filter((why) => why !== undefined);
  }

  function meshUnseen(): string | undefined {
    return unseen(pods, "the pods of the mesh", meshLostMs);
  }

  // Looking at ten thousand proxies takes a moment; most reviews find nothing changed.
  function viewed(): MeshView {
    mesh ??= viewMesh(pods.items.values());
    return mesh;
  }

  function visible(one: Reflector<unknown>): boolean {
    return unseen(one, "", lostMs) === undefined;
  }

  function openedIssuer() {
    return only(issuer) ?? openIssuerSecret(undefined);
  }
}

/** Why it cannot be seen; undefined where it can. */
function unseen(
  { synced, lastContact, silence, failure }: Reflector<unknown>,
  what: string,
  limitMs: number,
): string | undefined {
  if (!synced || lastContact === undefined) return `${what}: ${failure?.message ?? "not read yet"}`;
  if (silence <= limitMs) return undefined;
  return `${what}: nothing heard since ${lastContact.toISOString()}${failure ? `, ${failure.message}` : ""}`;
}
