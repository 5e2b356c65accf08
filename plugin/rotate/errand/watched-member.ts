import type { Cluster } from "../../../cluster/connect.ts";
import type { Failure } from "../../../cluster/failure.ts";
import type { Log } from "../../../cluster/log.ts";
import { kindsThere } from "../../../cluster/rotation/kinds-there.ts";
import type { Evidence } from "../../../cluster/rotation/observe/live-issuer.ts";
import { observe } from "../../../cluster/rotation/observe/observe.ts";
import type { Observer } from "../../../cluster/rotation/observe/observer.ts";
import { canary } from "../../../cluster/rotation/perform/canary.ts";
import type { IssuerMaterial } from "../../../cluster/rotation/perform/context.ts";
import { perform } from "../../../cluster/rotation/perform/perform.ts";
import { readPreviousIssuer } from "../../../cluster/rotation/perform/previous-issuer.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import type { LeafSeen } from "../../../trust/rotation/view.ts";
import { type Fingerprint, readCredentials } from "../../../trust/x509/index.ts";
import type { Member } from "../loop/member.ts";

export interface MemberOptions {
  readonly name: string;
  readonly goal: Goal;
  /** It takes another rotation back: then there is no further way back to tell of. */
  readonly isWayBack?: boolean;
  /** Linkerd's own. */
  readonly namespace: string;
  /** The rotation's id, as its journal has it. */
  readonly rotation: string;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly log?: Log;
  /** Ids of workloads that are not to be restarted here. */
  readonly excluded?: ReadonlySet<string>;
  /** How long a roll-out may stand still before it counts as failed. */
  readonly patienceMs: number;
  /** What the journal says was proven before, oldest first. */
  readonly evidence?: readonly Evidence[];
  /** Leaves that were seen before, as the journal has them. */
  readonly leaves?: readonly LeafSeen[];
  readonly leafEveryMs?: number;
  /** Asked before every step: throws where the lease is not ours any more. */
  permit(): Promise<void>;
  /** The lease is somebody else's now. */
  lost?(): Failure | undefined;
  /** The new issuer, when its time has come. */
  issuer?(): Promise<IssuerMaterial>;
}

export interface WatchedMember extends Member {
  readonly observer: Observer;
  stop(): void;
}

/** Begins to watch a cluster, as one that the loop can rotate. It is to be stopped. */
export async function watchedMember(cluster: Cluster, options: MemberOptions): Promise<WatchedMember> {
  const { name, goal, isWayBack = false, namespace, rotation, random, issuer, permit, lost } = options;
  const kinds = await kindsThere(cluster);
  const observer = observe(cluster, { ...options, kinds, recovering: goal.kind === "recovery" });
  const singing = canary();
  const renewedInVain = new Set<Fingerprint>();
  const look = async () => (isWayBack ? undefined : keptIssuer(cluster, namespace, rotation));
  let kept = await look();
  return {
    name,
    goal,
    observer,
    view() {
      const view = observer.view();
      if (view === undefined || kept === undefined) return view;
      // Where the one before is there again, there is nothing to go back to.
      const back = view.issuer?.certificate.fingerprint === kept;
      return back ? view : { ...view, keepsPrevious: true };
    },
    get failure() {
      return observer.failure;
    },
    onChange: (listener) => observer.onChange(listener),
    lookAtLeaves: (workloads, live) => observer.lookAtLeaves(workloads, live),
    get looking() {
      return observer.looking;
    },
    confirm: () => observer.confirm(120_000),
    permit,
    ...(lost === undefined ? {} : { lost }),
    async perform(step, view, signal, warn) {
      const outcome = await perform(step, {
        ...{ observer, namespace, random, signal, view, rotation, warn, canary: singing, dryRun: false },
        ...(issuer === undefined ? {} : { issuer }),
        renewedInVain,
        underSameAnchor: goal.kind === "issuer",
      });
      if (step.kind === "write-issuer") kept = await look();
      return outcome;
    },
    stop: () => observer.stop(),
  };
}

const keptMs = 10_000;

/** The issuer that this rotation has replaced, if it is kept; a hint rests on it and nothing else, so it may fail. */
async function keptIssuer(
  cluster: Cluster,
  namespace: string,
  rotation: string,
): Promise<Fingerprint | undefined> {
  const signal = AbortSignal.timeout(keptMs);
  const kept = await readPreviousIssuer(cluster, namespace, signal).catch(() => undefined);
  if (kept === undefined || kept.rotation !== rotation) return undefined;
  const { chain, key } = readCredentials(kept.chainPem, kept.keyPem);
  return key === "matches" ? chain[0]?.fingerprint : undefined;
}
