import { Failure } from "../../../cluster/failure.ts";
import { kindOf, type Recorded } from "../../../cluster/rotation/journal/journal-object.ts";
import { type KeptIssuer, readPreviousIssuer } from "../../../cluster/rotation/perform/previous-issuer.ts";
import type { IssuerGoal } from "../../../trust/rotation/goal.ts";
import { unsoundIssuer } from "../../../trust/rotation/soundness.ts";
import { type Certificate, readCredentials } from "../../../trust/x509/index.ts";
import type { Arguments, Command } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { commandLine } from "../command-line.ts";
import { runErrand } from "../errand/run-errand.ts";
import { Refused, recordedGoal } from "../goals.ts";
import { issuerFor, materialFor } from "../material/for-seats.ts";
import { insistSound } from "../material/sound.ts";
import type { GoingOptions } from "../options.ts";
import type { Seat } from "../seat.ts";
import { insteadOf } from "./go-to-issuer.ts";
import { upgradeNotices } from "./upgrade-notices.ts";

/** A rotation of the issuer alone, as it was recorded. */
export interface IssuerRotation {
  readonly seat: Seat;
  readonly last: Recorded;
  readonly goal: IssuerGoal;
}

/** The rotation of an issuer that a rollback here is about; undefined where it is about another one, or none. */
export function issuerRotation(seat: Seat): IssuerRotation | undefined {
  const { open, recorded } = seat;
  const last = open ?? recorded.findLast((one) => kindOf(one) === "anchor" || isToTakeBack(one, seat));
  const goal = last !== undefined && kindOf(last) === "issuer" ? recordedGoal(last) : undefined;
  return last !== undefined && goal?.kind === "issuer" ? { seat, last, goal } : undefined;
}

// One that has come to its end keeps nothing, and the next rotate issuer replaces what it wrote.
function isToTakeBack(one: Recorded, { trust }: Seat): boolean {
  if (kindOf(one) !== "issuer") return false;
  if (one.opening?.reverses !== undefined) return true;
  const goal = one.state === "aborted" ? recordedGoal(one) : undefined;
  return goal?.kind === "issuer" && goal.replaces !== trust.issuer?.certificate.fingerprint;
}

/** `rotate rollback` of a `rotate issuer`: the issuer that it replaced is written again. */
export async function goBackToIssuer(
  rotation: IssuerRotation,
  seats: readonly Seat[],
  options: GoingOptions,
  command: Command,
  args: Arguments,
  world: World,
): Promise<ExitCode> {
  const { seat, last } = rotation;
  insistPossible(rotation, seats);
  const { reverses = last.id } = last.opening ?? {};
  const goesOn = reverses !== last.id && last.state === "unfinished";
  const material = await materialFor([seat], args, world);
  const { interrupted } = world;
  const found = await readPreviousIssuer(seat.cluster, options.namespace, interrupted, seat.trust.scheme);
  const kept = found?.rotation === reverses && isReplaced(found, reverses, seat) ? found : undefined;
  const live = seat.trust.issuer?.certificate.fingerprint;
  const thereAgain = reverses !== last.id && live !== undefined && leafOf(kept)?.fingerprint === live;
  const goal = goesOn || thereAgain ? rotation.goal : insteadOf(seat.trust);
  const own = issuerFor(material, args, world);
  const toWrite = live === undefined || live === goal.replaces;
  if (own.issuerFor === undefined && toWrite) insistGood(kept, reverses, seat, world.clock());
  insistSound(material, goal, [seat], world.clock());
  return runErrand(
    {
      ...{ purpose: command.name, goal, seats: [seat], options, reverses },
      rotation: goesOn ? last.id : undefined,
      ...(kept === undefined ? {} : { issuerFor: async () => kept }),
      ...own,
    },
    {
      says: material.issuer === undefined ? ["the issuer as it was before"] : material.says,
      again: commandLine(command, args, world.calledAs),
      keep: () => {},
      afterwards: upgradeNotices([seat], ["issuer"]),
    },
    world,
  );
}

function insistPossible({ seat, last, goal }: IssuerRotation, seats: readonly Seat[]): void {
  const { reverses } = last.opening ?? {};
  if (seats.length > 1)
    throw new Refused(
      `rotation ${last.id} of ${seat.name} is of its issuer alone`,
      "Take back one after the other: name one --context at a time.",
    );
  if (seat.trust.owners.issuer.some(({ kind }) => kind === "cert-manager"))
    throw new Refused(
      `cert-manager issues the issuer of ${seat.name}, so the one before cannot be put back`,
      "Mend what identity says of the new one, then have it renewed once more: rotate issuer.",
    );
  if (reverses !== undefined && last.state === "done")
    throw new Refused(
      `rotation ${last.id} has taken ${reverses} back already`,
      "To go forward again: rotate issuer.",
    );
  if (reverses === undefined && goal.replaces === seat.trust.issuer?.certificate.fingerprint)
    throw new Refused(
      `rotation ${last.id} has not replaced the issuer of ${seat.name}, so there is nothing to take back`,
      "Give it up: rotate abort.",
    );
}

const giveOne =
  "Give one of the anchor that the mesh trusts: --issuer and --issuer-key, or --ca and --ca-key.";

/** That the issuer before is there, and good, before anything is recorded. */
function insistGood(kept: KeptIssuer | undefined, rotation: string, seat: Seat, now: Date): void {
  if (kept === undefined)
    throw new Failure(`${seat.name} does not keep the issuer that ${rotation} replaced`, giveOne);
  const { chain, key } = readCredentials(kept.chainPem, kept.keyPem);
  const [certificate, ...intermediates] = chain;
  if (certificate === undefined || key !== "matches")
    throw new Failure(`the issuer that ${seat.name} keeps from before cannot be read`, giveOne);
  const [wrong] = unsoundIssuer({ certificate, intermediates }, seat.trust.anchors, now);
  if (wrong !== undefined)
    throw new Failure(`the issuer that ${seat.name} keeps from before is of no use: ${wrong.what}`, giveOne);
}

// Where the copy was deleted, a way back with other material has kept what it replaced itself.
function isReplaced(kept: KeptIssuer, rotation: string, { recorded }: Seat): boolean {
  const reversed = recorded.find(({ id }) => id === rotation);
  const goal = reversed && recordedGoal(reversed);
  return goal === undefined || (goal.kind === "issuer" && goal.replaces === leafOf(kept)?.fingerprint);
}

function leafOf(kept: KeptIssuer | undefined): Certificate | undefined {
  return kept && readCredentials(kept.chainPem, kept.keyPem).chain[0];
}
