import { lacking } from "../../../trust/rotation/anchors.ts";
import { chains } from "../../../trust/rotation/sight.ts";
import { type Arguments, type Command, UsageError } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { commandLine } from "../command-line.ts";
import type { Seen } from "../errand/plan-text.ts";
import { runErrand } from "../errand/run-errand.ts";
import { goalToGoOnWith, Refused, rotationToGoOnWith } from "../goals.ts";
import { issuerFor, materialFor } from "../material/for-seats.ts";
import { insistSound } from "../material/sound.ts";
import { withSeats } from "../with-seats.ts";
import { upgradeNotices } from "./upgrade-notices.ts";

/** `recover expired`: everything anew, with downtime, and honest about it. */
export function goToRecovery(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, options) => {
    const material = await materialFor(seats, args, world);
    const recorded = goalToGoOnWith(seats, "recovery", material.incoming);
    if (recorded === undefined && material.incoming.length === 0)
      throw new UsageError("name the new anchor (--anchor FILE), or make one (--create DIR)");
    const goal = recorded ?? ({ kind: "recovery", incoming: material.incoming } as const);
    insistSound(material, goal, seats, world.clock());
    return runErrand(
      {
        ...{ purpose: command.name, goal, seats, options },
        rotation: rotationToGoOnWith(seats),
        ...issuerFor(material, args, world),
      },
      {
        says: [...material.says, "requests fail until everything is restarted: there is no way around that"],
        again: commandLine(command, args, world.calledAs),
        keep: () => material.keep(),
        ...(recorded === undefined ? { insist: insistBroken } : {}),
        afterwards: upgradeNotices(seats),
      },
      world,
    );
  });
}

/** A mesh that works with this very anchor has nothing to recover from: restarting all of it would be for nothing. */
function insistBroken(seen: readonly Seen[]): void {
  if (!seen.every(worksAlready)) return;
  throw new Refused(
    "nothing has expired: the issuer is in date, and everybody trusts its anchor",
    "For another anchor there is rotate anchor, for another issuer rotate issuer.",
  );
}

function worksAlready({ goal, view }: Seen): boolean {
  const { issuer, workloads, controlPlane, now } = view;
  if (goal.kind !== "recovery" || issuer === undefined || issuer.certificate.notAfter < now) return false;
  const groups = workloads.flatMap(({ proxies }) => proxies);
  return (
    chains(issuer, goal.incoming, now) &&
    controlPlane.every(({ oldestPodAt }) => oldestPodAt !== undefined) &&
    groups.every(({ anchors }) => lacking(anchors, goal.incoming).length === 0)
  );
}
