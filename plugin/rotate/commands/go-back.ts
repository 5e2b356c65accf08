import { Failure } from "../../../cluster/failure.ts";
import { kindOf, type Recorded } from "../../../cluster/rotation/journal/journal-object.ts";
import { readPreviousIssuer } from "../../../cluster/rotation/perform/previous-issuer.ts";
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import { reverseGoal } from "../../../trust/rotation/reverse-goal.ts";
import { chains } from "../../../trust/rotation/sight.ts";
import { readCredentials } from "../../../trust/x509/index.ts";
import type { Arguments, Command } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { commandLine } from "../command-line.ts";
import { runErrand } from "../errand/run-errand.ts";
import type { Errand } from "../errand/session.ts";
import { insistAll, Refused, recordedGoal } from "../goals.ts";
import { issuerFor, materialFor } from "../material/for-seats.ts";
import { insistSignsWith } from "../material/may-go-back.ts";
import { insistSound } from "../material/sound.ts";
import type { Seat } from "../seat.ts";
import { withSeats } from "../with-seats.ts";
import { goBackToIssuer, issuerRotation } from "./go-back-to-issuer.ts";
import { upgradeNotices } from "./upgrade-notices.ts";

/** `rotate rollback`: the last rotation, the other way round. */
export function goBack(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, options) => {
    const ofIssuer = seats.map(issuerRotation).find((one) => one !== undefined);
    if (ofIssuer !== undefined) return goBackToIssuer(ofIssuer, seats, options, command, args, world);
    const back = wayBack(seats);
    const material = await materialFor(seats, args, world);
    insistSound(material, back.goal, seats, world.clock());
    const own = issuerFor(material, args, world);
    for (const seat of seats) await insistSignsWith(seat, back.goal.incoming, options.namespace, world);
    if (own.issuerFor === undefined)
      for (const seat of seats) await insistKept(seat, back.goal, options.namespace, world);
    const kept: Errand["issuerFor"] = (seat) => previous(seat, options.namespace, world);
    return runErrand(
      {
        ...{ purpose: command.name, goal: back.goal, seats, options },
        ...{ rotation: back.rotation, reverses: back.reverses },
        issuerFor: own.issuerFor ?? kept,
      },
      {
        says: material.issuer === undefined ? ["the issuer as it was before"] : material.says,
        again: commandLine(command, args, world.calledAs),
        keep: () => {},
        afterwards: upgradeNotices(seats),
      },
      world,
    );
  });
}

interface WayBack {
  readonly goal: AnchorGoal;
  /** The way back that was begun already. */
  readonly rotation: string | undefined;
  readonly reverses: string;
}

function wayBack(seats: readonly Seat[]): WayBack {
  const last = seats.flatMap(({ recorded, open }) => open ?? recorded.findLast(isOfAnchor) ?? []).at(0);
  const goal = last && recordedGoal(last);
  if (last === undefined || goal?.kind !== "anchor")
    throw new Refused(
      "no rotation is recorded that could be taken back",
      "For another anchor than the one there is: rotate anchor; for another issuer: rotate issuer.",
    );
  insistAll(last, seats);
  const { reverses } = last.opening ?? {};
  if (reverses !== undefined && last.state === "unfinished") return { goal, rotation: last.id, reverses };
  // The way back was given up: it may be gone again.
  if (reverses !== undefined && last.state === "aborted") return { goal, rotation: undefined, reverses };
  if (reverses !== undefined)
    throw new Refused(
      `rotation ${last.id} has taken ${reverses} back already`,
      "To go forward again: rotate anchor.",
    );
  return { goal: reverseGoal(goal), rotation: undefined, reverses: last.id };
}

const isOfAnchor = (one: Recorded): boolean => kindOf(one) === "anchor";

const giveOne = "Give one of the old anchor: --issuer and --issuer-key, or --ca and --ca-key.";

/** That the issuer before is there, and good, before anybody is restarted for it. */
async function insistKept(seat: Seat, { incoming }: AnchorGoal, namespace: string, world: World) {
  const { issuer, owners } = seat.trust;
  if (owners.issuer.some(({ kind }) => kind === "cert-manager")) return;
  if (issuer !== undefined && chains(issuer, incoming, world.clock())) return;
  const { chainPem, keyPem } = await previous(seat, namespace, world);
  const [certificate, ...intermediates] = readCredentials(chainPem, keyPem).chain;
  const now = world.clock();
  const kept = certificate && { certificate, intermediates };
  if (kept !== undefined && chains(kept, incoming, now) && kept.certificate.notAfter >= now) return;
  throw new Failure(
    `the issuer that ${seat.name} keeps from before has expired, or is none of the old anchor`,
    giveOne,
  );
}

async function previous(seat: Seat, namespace: string, world: World) {
  const kept = await readPreviousIssuer(seat.cluster, namespace, world.interrupted, seat.trust.scheme);
  if (kept !== undefined) return kept;
  throw new Failure(`${seat.name} does not keep the issuer before any more`, giveOne);
}
