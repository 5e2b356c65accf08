import { insteadOf } from "../../trust/owners/what-instead.ts";
import type { Seat } from "./seat.ts";

/** What the next upgrade of Linkerd must carry, so that it brings nothing back: a line each. */
export function upgradeNotices(seats: readonly Seat[]): readonly string[] {
  const notices = seats.flatMap(({ name, trust: { owners } }) =>
    (["bundle", "issuer"] as const).flatMap((what) =>
      owners[what]
        .map((owner) => insteadOf(owner, what))
        .filter(({ undoneBy }) => undoneBy === "upgrade")
        .map(({ sentence, remedy }) => `${name}: ${sentence}. ${remedy}`),
    ),
  );
  return [...new Set(notices)];
}
