import { takeLease } from "../../cluster/rotation/lease/lease.ts";
import type { HeldLease } from "../../cluster/rotation/lease/lease-held.ts";
import { moment } from "../../trust/naming.ts";
import type { World } from "../world.ts";
import { Refused } from "./goals.ts";
import type { Seat } from "./seat.ts";

/** The lease of one cluster for this run, and from whom it was taken. Throws where somebody else is at it. */
export async function leaseOf(
  seat: Seat,
  namespace: string,
  purpose: string,
  world: World,
): Promise<{ readonly lease: HeldLease; readonly tookOver?: string }> {
  const session = `${world.host.pid}-${Math.floor(world.chance() * 2 ** 32).toString(16)}`;
  const applicant = { user: seat.user, host: world.host, purpose, session };
  const taken = await takeLease(seat.cluster, { namespace, applicant, clock: () => world.clock() });
  if (taken.outcome === "taken") return taken;
  const { who, purpose: doing, since } = taken.by;
  const seconds = Math.ceil(taken.standing.lapsesInMs / 1000);
  throw new Refused(
    `${who} is at it in ${seat.name} since ${moment(since)}: ${doing}`,
    `Watch it with: rotate status -w. If that run is dead, it can be taken over in ${seconds} s.`,
  );
}
