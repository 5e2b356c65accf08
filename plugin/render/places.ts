import { calledOwner } from "../../trust/owners/what-instead.ts";
import type { Place } from "../survey/types.ts";
import { table } from "./table.ts";

/** Every place where anchors live: what it holds, how that differs from the live bundle, who writes and who reads it. */
export function placesTable(places: readonly Place[]): string {
  const rows = places.map((place) => [
    place.what,
    heldBy(place),
    against(place),
    place.owners.map(calledOwner).join(", ") || "nobody",
    place.readBy,
  ]);
  return table(["PLACE", "ANCHORS", "AGAINST THE LIVE BUNDLE", "WRITTEN AGAIN BY", "READ BY"], rows);
}

/** An interface: the same in check's JSON and in inspect --where's. */
export function placeJson({ anchors, lacks, adds, ...place }: Place): object {
  const fingerprints = (some: Place["anchors"]) => some.map(({ fingerprint }) => fingerprint);
  const { what, role, readBy, owners, state, refused } = place;
  return {
    what,
    role,
    readBy,
    owners,
    state,
    anchors: fingerprints(anchors),
    ...(refused === undefined ? {} : { refused }),
    lacks: fingerprints(lacks),
    adds: fingerprints(adds),
  };
}

function heldBy({ anchors }: Place): string {
  return anchors.map(({ fingerprint }) => fingerprint.slice(0, 8)).join("+") || "none";
}

function against({ role, state, refused, lacks, adds }: Place): string {
  if (state !== "present") return state;
  if (refused !== undefined) return "Linkerd refuses it";
  const differs = [
    ...lacks.map(({ fingerprint }) => `-${fingerprint.slice(0, 8)}`),
    ...adds.map(({ fingerprint }) => `+${fingerprint.slice(0, 8)}`),
  ];
  const same = role === "live" ? "it is live" : role === "source" ? "one of several" : "agrees";
  return differs.join(" ") || same;
}
