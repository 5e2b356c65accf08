import { eventRecorder } from "../../../cluster/events.ts";
import { Failure } from "../../../cluster/failure.ts";
import { beginJournal } from "../../../cluster/rotation/journal/journal.ts";
import type { Line } from "../../../cluster/rotation/journal/journal-line.ts";
import type { Opening } from "../../../cluster/rotation/journal/journal-object.ts";
import { pruneJournals } from "../../../cluster/rotation/journal/journal-prune.ts";
import { journalWriter } from "../../../cluster/rotation/journal/journal-writer.ts";
import type { World } from "../../world.ts";
import { storedGoal } from "../goals.ts";
import { leaseOf } from "../lease-of.ts";
import type { Seat } from "../seat.ts";
import { type Errand, giveBack, type Place } from "./session.ts";

/** A cluster that is ours to write, and from whom it was taken. */
export interface Claim {
  readonly place: Place;
  readonly tookOver?: string;
}

/** Takes every cluster's lease before anything is written anywhere; gives all back where one is refused. */
export async function claim(places: readonly Place[], errand: Errand, world: World): Promise<Claim[]> {
  try {
    const claims: Claim[] = [];
    for (const place of places) {
      const { lease, tookOver } = await leaseOf(place.seat, errand.options.namespace, errand.purpose, world);
      place.lease = lease;
      claims.push({ place, ...(tookOver === undefined ? {} : { tookOver }) });
    }
    return claims;
  } catch (error) {
    await giveBack(places);
    throw error;
  }
}

/** Records what is to be reached, where that is not recorded, and who is at it now. */
export async function takeUp(
  claims: readonly Claim[],
  errand: Errand,
  id: string,
  world: World,
): Promise<void> {
  for (const one of claims) await recordOne(one, errand, id, world);
}

async function recordOne(
  { place, tookOver }: Claim,
  errand: Errand,
  id: string,
  world: World,
): Promise<void> {
  const { seat } = place;
  const { namespace } = errand.options;
  const clock = () => world.clock();
  const line: Line = {
    at: clock().toISOString(),
    who: seat.who,
    cluster: seat.name,
    entry: "taken-up",
    says: errand.purpose,
  };
  const opening = await openingOf(place, errand, id, line);
  if (recordedHere(seat, id) === undefined) await prune(seat, namespace, world);
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

/** Room for the new one. Where it cannot be made, the old ones do no harm. */
async function prune({ cluster, recorded, name }: Seat, namespace: string, world: World): Promise<void> {
  try {
    await pruneJournals(cluster, recorded, { namespace, signal: world.interrupted });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    world.stderr.write(
      `linkerd-certs: warning: ${name}: ${error.message}\nlinkerd-certs: hint: ${error.hint}\n`,
    );
  }
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
