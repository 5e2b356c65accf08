import type { Cluster } from "../../cluster/connect.ts";
import type { Failure } from "../../cluster/failure.ts";
import type { Log } from "../../cluster/log.ts";
import { kindsThere } from "../../cluster/rotation/kinds-there.ts";
import type { Evidence } from "../../cluster/rotation/live-issuer.ts";
import { observe } from "../../cluster/rotation/observe.ts";
import type { Observer } from "../../cluster/rotation/observer.ts";
import { canary } from "../../cluster/rotation/perform/canary.ts";
import type { IssuerMaterial } from "../../cluster/rotation/perform/context.ts";
import { perform } from "../../cluster/rotation/perform/perform.ts";
import type { Goal } from "../../trust/rotation/goal.ts";
import type { Member } from "./member.ts";

export interface MemberOptions {
  readonly name: string;
  readonly goal: Goal;
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
  const { name, goal, namespace, rotation, random, issuer, permit, lost } = options;
  const kinds = await kindsThere(cluster);
  const observer = observe(cluster, { ...options, kinds, recovering: goal.kind === "recovery" });
  const singing = canary();
  return {
    name,
    goal,
    observer,
    view: () => observer.view(),
    get failure() {
      return observer.failure;
    },
    onChange: (listener) => observer.onChange(listener),
    confirm: () => observer.confirm(120_000),
    permit,
    ...(lost === undefined ? {} : { lost }),
    perform: (step, view, signal) =>
      perform(step, {
        ...{ observer, namespace, random, signal, view, rotation, canary: singing, dryRun: false },
        ...(issuer === undefined ? {} : { issuer }),
        underSameAnchor: goal.kind === "issuer",
      }),
    stop: () => observer.stop(),
  };
}
