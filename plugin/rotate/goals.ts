import { Failure } from "../../cluster/failure.ts";
import type { Recorded } from "../../cluster/rotation/journal/journal-object.ts";
import { distinct } from "../../trust/judgements.ts";
import { named } from "../../trust/naming.ts";
import { comingAfter, without } from "../../trust/rotation/anchors.ts";
import type { AnchorGoal, Goal } from "../../trust/rotation/goal.ts";
import { goalFromJson, goalToJson } from "../../trust/rotation/goal-json.ts";
import { chains } from "../../trust/rotation/sight.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import type { Seat, TrustNow } from "./seat.ts";

/** Refused before anything was done: another rotation is unfinished, or somebody else is at it. */
export class Refused extends Failure {}

/** What a journal says was wanted; undefined where it does not say. Throws a Failure where it cannot be understood. */
export function recordedGoal({ id, opening }: Recorded): Goal | undefined {
  if (opening === undefined) return undefined;
  const goal = goalFromJson(JSON.stringify(opening.goal));
  if (!("wrong" in goal)) return goal;
  throw new Failure(
    `the journal of rotation ${id} cannot be understood: ${goal.wrong}`,
    `Use the version that began it, or give it up with: rotate abort.`,
  );
}

export const storedGoal = (goal: Goal): unknown => JSON.parse(goalToJson(goal));

/** "from … to …", for people. */
export function goalWords(goal: Goal): string {
  if (goal.kind === "issuer")
    return goal.replaces === undefined
      ? "an issuer where none can be read"
      : `another issuer than ${goal.replaces.slice(0, 8)}`;
  const incoming = goal.incoming.map(named).join(", ");
  if (goal.kind === "recovery") return `recovery with ${incoming}`;
  const outgoing = goal.outgoing.length === 0 ? "nothing" : goal.outgoing.map(named).join(", ");
  return `from ${outgoing} to ${incoming}`;
}

/** The goal of an unfinished rotation that the words ask to go on with; undefined where there is none. */
export function goalToGoOnWith(
  seats: readonly Seat[],
  kind: Goal["kind"],
  incoming: readonly Certificate[],
): Goal | undefined {
  const open = seats.flatMap(({ name, open }) => {
    const goal = open && recordedGoal(open);
    return open === undefined || goal === undefined ? [] : [{ name, open, goal }];
  });
  const [first] = open;
  if (first === undefined) return undefined;
  const other = open.find(({ goal }) => !agrees(goal, first.goal));
  if (other !== undefined)
    throw new Refused(
      `${first.name} and ${other.name} have different unfinished rotations: ${first.open.id} and ${other.open.id}`,
      "Finish one after the other: name one --context at a time.",
    );
  const back = first.open.opening?.reverses !== undefined;
  const asked = first.goal.kind === kind && !back && (incoming.length === 0 || holds(first.goal, incoming));
  if (asked && kind === "anchor") insistAll(first.open, seats);
  if (asked) return first.goal;
  const { open: recorded, goal, name } = first;
  throw new Refused(
    `rotation ${recorded.id} is unfinished in ${name}: ${goalWords(goal)}, begun by ${recorded.opening?.begun.who}`,
    back
      ? "Go on with the way back: rotate rollback. Or give it up first: rotate abort."
      : `Go on with it: ${commandOf(goal)}. Or give it up first: rotate abort${takenBack(goal)}.`,
  );
}

/** A recovery leaves nothing to go back to. */
const takenBack = ({ kind }: Goal) => (kind === "recovery" ? "" : "; or take it back: rotate rollback");

/** Clusters that a rotation was begun in together wait for one another, and so go on together. */
export function insistAll({ id, opening }: Recorded, seats: readonly Seat[]): void {
  const { clusters } = opening?.options ?? {};
  if (!Array.isArray(clusters) || clusters.length <= seats.length) return;
  const names = clusters.map(String);
  throw new Refused(
    `rotation ${id} was begun in ${names.join(", ")} together, and each waits for the others`,
    `Name all of them: ${names.map((one) => `--context ${one}`).join(" ")}. Or give it up here first: rotate abort.`,
  );
}

/** The rotation to go on with; undefined where none is open, or where what it was to reach is lost. */
export function rotationToGoOnWith(seats: readonly Seat[]): string | undefined {
  return seats.find(({ open }) => open?.opening !== undefined)?.open?.id;
}

function commandOf({ kind }: Goal): string {
  return kind === "anchor" ? "rotate anchor" : kind === "issuer" ? "rotate issuer" : "recover expired";
}

function holds(goal: Goal, incoming: readonly Certificate[]): boolean {
  if (goal.kind === "issuer") return false;
  return without(goal.incoming, incoming).length === 0 && without(incoming, goal.incoming).length === 0;
}

function agrees(one: Goal, other: Goal): boolean {
  if (one.kind !== other.kind) return false;
  return other.kind === "issuer" || holds(one, other.incoming);
}

export interface Wish {
  readonly incoming: readonly Certificate[];
  /** Beginnings of fingerprints of what is to go, where the words say so. */
  readonly outgoing: readonly string[];
  readonly leaves: AnchorGoal["leaves"];
  readonly lazy: boolean;
}

/**
 * A new goal. What goes is what any of these clusters' issuers chains to: all
 * of them trust one another's leaves. Other anchors stay where they are.
 */
export function anchorGoal(
  { incoming, outgoing: named, leaves, lazy }: Wish,
  seats: readonly Seat[],
  now: Date,
): AnchorGoal {
  const live = distinct(seats.flatMap(({ trust }) => trust.anchors));
  const outgoing =
    named.length > 0
      ? named.map((prefix) => insistOne(prefix, live))
      : distinct(seats.flatMap(({ trust }) => goingOf(trust, incoming, now)));
  return { kind: "anchor", incoming, outgoing: without(outgoing, incoming), leaves, lazy };
}

/** Anchors that are in the bundle already, newer than all that the issuer chains to: nothing is signed by them yet. */
export function comingIn({ anchors, issuer }: TrustNow, now: Date): readonly Certificate[] {
  const signers = anchors.filter((one) => chains(issuer, [one], now));
  return comingAfter(signers, anchors, now);
}

function goingOf(
  { anchors, issuer }: TrustNow,
  incoming: readonly Certificate[],
  now: Date,
): readonly Certificate[] {
  if (issuer === undefined) return without(anchors, incoming);
  const old = without(anchors, incoming);
  if (!chains(issuer, incoming, now)) return old.filter((one) => chains(issuer, [one], now));
  // Somebody has written the new issuer already: what is older than all that comes is what goes.
  return old.filter(({ notBefore }) => incoming.every((one) => notBefore < one.notBefore));
}

function insistOne(prefix: string, live: readonly Certificate[]): Certificate {
  const [found, ...more] = live.filter(({ fingerprint }) => fingerprint.startsWith(prefix));
  if (found !== undefined && more.length === 0) return found;
  throw new Failure(
    `--outgoing ${prefix}: ${found === undefined ? "no anchor" : "more than one anchor"} of the live bundle begins so`,
    "See them with: inspect.",
  );
}
