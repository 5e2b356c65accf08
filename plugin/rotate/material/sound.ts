import { Failure } from "../../../cluster/failure.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import { unsoundAnchors, unsoundIssuer } from "../../../trust/rotation/soundness.ts";
import type { Seat } from "../seat.ts";
import type { Material } from "./in-words.ts";

/** Refuses material that the mesh would not work with, while nothing is written yet. */
export function insistSound(
  { issuer, incoming }: Material,
  goal: Goal,
  seats: readonly Seat[],
  now: Date,
): void {
  const live = seats.flatMap(({ trust }) => trust.anchors);
  const anchors = goal.kind === "issuer" ? live : goal.incoming;
  const wrong = [
    ...(incoming.length === 0 ? [] : unsoundAnchors(incoming, now)),
    ...(issuer?.ready === undefined ? [] : unsoundIssuer(issuer.ready, anchors, now)),
  ];
  const [first] = wrong;
  if (first !== undefined) throw new Failure(first.what, `${first.remedy} Nothing was written.`);
}
