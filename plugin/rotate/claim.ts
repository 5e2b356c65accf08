import { eventRecorder } from "../../cluster/events.ts";
import { Failure } from "../../cluster/failure.ts";
import { beginJournal } from "../../cluster/rotation/journal.ts";
import type { Line } from "../../cluster/rotation/journal-line.ts";
import type { Opening } from "../../cluster/rotation/journal-object.ts";
import { pruneJournals } from "../../cluster/rotation/journal-prune.ts";
import { journalWriter } from "../../cluster/rotation/journal-writer.ts";
import type { World } from "../world.ts";
import { storedGoal } from "./goals.ts";
import { leaseOf } from "./lease-of.ts";
import type { Seat } from "./seat.ts";
import { type Errand, giveBack, type Place } from "./session.ts";

/**
 * Takes every cluster's lease, and only then records what is to be reached
 * where that is not recorded: nothing is recorded anywhere for a run that does
 * not come about. Gives all back on a refusal.
 */
export async function claim(
  places: readonly Place[],
  errand: Errand,
  id: string,
  world: World,
): Promise<void> {
  try {
    const taken: { readonly place: Place; readonly tookOver?: string }[] = [];
    for (const place of places) {
      const { lease, tookOver } = await leaseOf(place.seat, errand.options.namespace, errand.purpose, world);
      place.lease = lease;
      taken.push({ place, ...(tookOver === undefined ? {} : { tookOver }) });
    }
    for (const { place, tookOver } of taken) await recordOne(place, tookOver, errand, id, world);
  } catch (error) {
    await giveBack(places);
    throw error;
  }
}

async function recordOne(
  place: Place,
  tookOver: string | undefined,
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
