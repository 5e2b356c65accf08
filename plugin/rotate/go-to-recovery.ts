import { type Arguments, type Command, UsageError } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { commandLine } from "./command-line.ts";
import { goalToGoOnWith } from "./goals.ts";
import { issuerFor, materialFor } from "./material/for-seats.ts";
import { insistSound } from "./material/sound.ts";
import { runErrand } from "./run-errand.ts";
import { upgradeNotices } from "./upgrade-notices.ts";
import { withSeats } from "./with-seats.ts";

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
        rotation: seats.find(({ open }) => open !== undefined)?.open?.id,
        ...issuerFor(material, args, world),
      },
      {
        says: [...material.says, "requests fail until everything is restarted: there is no way around that"],
        again: commandLine(command, args, world.calledAs),
        keep: () => material.keep(),
        afterwards: upgradeNotices(seats),
      },
      world,
    );
  });
}
