import { Failure } from "../../../cluster/failure.ts";
import { leavesShown, provenUse } from "../../../cluster/rotation/journal/journal-line.ts";
import { rotationId } from "../../../cluster/rotation/journal/journal-object.ts";
import type { HeldLease } from "../../../cluster/rotation/lease/lease-held.ts";
import type { IssuerMaterial } from "../../../cluster/rotation/perform/context.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import type { World } from "../../world.ts";
import type { Keeper } from "../keeping.ts";
import type { GoingOptions } from "../options.ts";
import type { Seat } from "../seat.ts";
import { type MemberOptions, type WatchedMember, watchedMember } from "./watched-member.ts";

/** What a run is to do. */
export interface Errand {
  /** "rotate anchor". */
  readonly purpose: string;
  readonly goal: Goal;
  readonly seats: readonly Seat[];
  readonly options: GoingOptions;
  /** Of the rotation that it goes on with; undefined where it begins one. */
  readonly rotation: string | undefined;
  /** The rotation that it takes back. */
  readonly reverses?: string;
  /** The issuer for a cluster when its time has come; undefined where nobody gave one. */
  issuerFor?(seat: Seat, member: () => WatchedMember): Promise<IssuerMaterial>;
}

/** One cluster, watched, with what is needed to write there. */
export interface Place {
  readonly seat: Seat;
  readonly member: WatchedMember;
  readonly means: Pick<MemberOptions, "namespace" | "rotation" | "random" | "issuer">;
  /** Set once it is ours to write. */
  lease: HeldLease | undefined;
  keeper: Keeper | undefined;
}

/** Begins to watch every cluster. Nothing is written before `claim`. */
export async function watch(errand: Errand, id: string, world: World): Promise<readonly Place[]> {
  const { goal, seats, options, issuerFor } = errand;
  const { namespace, excluded, patienceMs, pauseAfter } = options;
  const paused: Goal =
    goal.kind === "anchor" && pauseAfter !== undefined ? { ...goal, until: pauseAfter } : goal;
  return Promise.all(
    seats.map(async (seat) => {
      const means: Place["means"] = {
        namespace,
        // The issuer that is kept for the way back belongs to the rotation that replaced it.
        rotation: errand.reverses ?? id,
        random: () => world.chance(),
        ...(issuerFor === undefined ? {} : { issuer: () => issuerFor(seat, () => place.member) }),
      };
      const member: WatchedMember = await watchedMember(seat.cluster, {
        ...means,
        name: seat.name,
        goal: paused,
        isWayBack: errand.reverses !== undefined,
        clock: () => world.clock(),
        excluded,
        patienceMs,
        evidence: seat.recorded.flatMap(({ lines }) => provenUse(lines)),
        leaves: seat.recorded.flatMap(({ lines }) => leavesShown(lines)),
        permit: async () => permit(place),
        // Its reason is a Failure: see lease-held.ts.
        lost: () => place.lease?.lost.reason as Failure | undefined,
      });
      const place: Place = {
        seat,
        means,
        member: recordedFirst(member, () => place),
        lease: undefined,
        keeper: undefined,
      };
      return place;
    }),
  );
}

async function permit({ lease, seat }: Place): Promise<void> {
  if (lease === undefined) throw new Failure(`nothing may be written to ${seat.name} yet`, "Report this.");
  await lease.confirm();
}

/** No write changes trust before the journal says that it is about to. */
function recordedFirst(member: WatchedMember, place: () => Place): WatchedMember {
  return Object.create(member, {
    perform: {
      value: async (...[step, ...more]: Parameters<WatchedMember["perform"]>) => {
        if (step.kind === "write-bundle" || step.kind === "write-issuer")
          await place().keeper?.journal.flush();
        return member.perform(step, ...more);
      },
    },
  }) as WatchedMember; // all else is the member's own
}

/** Ends the watching; what was recorded is written, and the leases are free. */
export async function giveBack(places: readonly Place[]): Promise<void> {
  await Promise.all(
    places.map(async ({ member, lease, keeper }) => {
      member.stop();
      await keeper?.journal.close();
      await keeper?.events.settled();
      keeper?.events.stop();
      await lease?.release();
    }),
  );
}

/** The rotation that is gone on with, else a new one's. */
export function idFor(errand: Errand, world: World): string {
  return errand.rotation ?? rotationId(world.clock(), () => world.chance());
}
