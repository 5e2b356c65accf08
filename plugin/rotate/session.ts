import { eventRecorder } from "../../cluster/events.ts";
import { Failure } from "../../cluster/failure.ts";
import { beginJournal } from "../../cluster/rotation/journal.ts";
import { type Line, provenUse } from "../../cluster/rotation/journal-line.ts";
import { type Opening, rotationId } from "../../cluster/rotation/journal-object.ts";
import { journalWriter } from "../../cluster/rotation/journal-writer.ts";
import type { HeldLease } from "../../cluster/rotation/lease-held.ts";
import type { IssuerMaterial } from "../../cluster/rotation/perform/context.ts";
import type { Goal } from "../../trust/rotation/goal.ts";
import type { World } from "../world.ts";
import { storedGoal } from "./goals.ts";
import type { Keeper } from "./keeping.ts";
import { leaseOf } from "./lease-of.ts";
import type { GoingOptions } from "./options.ts";
import type { Seat } from "./seat.ts";
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
        clock: () => world.clock(),
        excluded,
        patienceMs,
        evidence: seat.recorded.flatMap(({ lines }) => provenUse(lines)),
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
      value: async (...[step, view, signal]: Parameters<WatchedMember["perform"]>) => {
        if (step.kind === "write-bundle" || step.kind === "write-issuer")
          await place().keeper?.journal.flush();
        return member.perform(step, view, signal);
      },
    },
  }) as WatchedMember; // all else is the member's own
}

/** Takes every cluster's lease, and records what is to be reached where that is not recorded. Gives all back on a refusal. */
export async function claim(
  places: readonly Place[],
  errand: Errand,
  id: string,
  world: World,
): Promise<void> {
  try {
    for (const place of places) await claimOne(place, errand, id, world);
  } catch (error) {
    await giveBack(places);
    throw error;
  }
}

async function claimOne(place: Place, errand: Errand, id: string, world: World): Promise<void> {
  const { seat } = place;
  const { namespace } = errand.options;
  const clock = () => world.clock();
  const { lease, tookOver } = await leaseOf(seat, namespace, errand.purpose, world);
  place.lease = lease;
  const line: Line = {
    at: clock().toISOString(),
    who: seat.who,
    cluster: seat.name,
    entry: "taken-up",
    says: errand.purpose,
  };
  const opening = await openingOf(place, errand, id, line);
  const journal = journalWriter(seat.cluster, { namespace, opening });
  const events = eventRecorder(seat.cluster, {
    clock,
    reportingInstance: seat.who,
    random: () => world.chance(),
  });
  place.keeper = { who: seat.who, rotation: id, namespace, cluster: seat.name, journal, events };
  const known = recordedHere(seat, id);
  // It ended here, and not elsewhere: then it goes on here as well.
  if (known !== undefined) journal.append(known.state === "unfinished" ? line : { ...line, entry: "begun" });
  if (tookOver !== undefined) {
    world.stderr.write(`${seat.name}: ${tookOver}\n`);
    journal.append({ ...line, entry: "note", says: tookOver });
  }
  if (errand.reverses !== undefined) await endReversed(seat, errand.reverses, line, namespace);
}

async function openingOf({ seat }: Place, errand: Errand, id: string, line: Line): Promise<Opening> {
  const known = recordedHere(seat, id)?.opening;
  if (known !== undefined) return known;
  const { namespace, maxParallel, namespaceOrder, excluded } = errand.options;
  const clusters = errand.seats.map(({ name }) => name);
  const opening: Opening = {
    apiVersion: "linkerd-certs.io/v1",
    kind: "Rotation",
    id,
    begun: { at: line.at, who: seat.who, cluster: seat.name },
    goal: storedGoal(errand.goal),
    options: { clusters, maxParallel, namespaceOrder, excluded: [...excluded].sort() },
    ...(errand.reverses === undefined ? {} : { reverses: errand.reverses }),
  };
  const begun: Line = { ...line, entry: "begun", says: errand.purpose };
  await beginJournal(seat.cluster, opening, begun, { namespace });
  return opening;
}

const recordedHere = ({ recorded }: Seat, rotation: string) => recorded.find(({ id }) => id === rotation);

/** The rotation that is taken back is over. */
async function endReversed(
  { recorded, cluster }: Seat,
  id: string,
  { at, who, cluster: name }: Line,
  namespace: string,
): Promise<void> {
  const reversed = recorded.find((one) => one.id === id);
  if (reversed?.opening === undefined || reversed.state === "reversed") return;
  const journal = journalWriter(cluster, { namespace, opening: reversed.opening });
  journal.append({ at, who, cluster: name, entry: "ended", outcome: "reversed", says: "taken back" });
  await journal.flush();
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

export function idFor(errand: Errand, world: World): string {
  return errand.rotation ?? rotationId(world.clock(), () => world.chance());
}
