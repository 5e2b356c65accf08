import { toCarry, type Upgrading } from "../../../trust/owners/what-instead.ts";
import type { Seat } from "../seat.ts";

type Written = "bundle" | "issuer";

/** What the next upgrade of Linkerd must carry of what was written, so that it brings nothing else back: a line each. */
export function upgradeNotices(
  seats: readonly Pick<Seat, "name" | "trust">[],
  written: readonly Written[] = ["bundle", "issuer"],
): readonly string[] {
  return seats.flatMap(({ name, trust: { owners } }) =>
    upgrading.flatMap((kind) => {
      const its = written.filter((what) => owners[what].some((owner) => owner.kind === kind));
      return its.length === 0 ? [] : [`${name}: ${toCarry(kind, its)}`];
    }),
  );
}

const upgrading: readonly Upgrading[] = ["helm", "linkerd-cli"];
