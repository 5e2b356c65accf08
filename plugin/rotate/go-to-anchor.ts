import { type Arguments, type Command, UsageError } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { commandLine } from "./command-line.ts";
import { anchorGoal, goalToGoOnWith } from "./goals.ts";
import { issuerFor, materialFor } from "./material/for-seats.ts";
import { insistSound } from "./material/sound.ts";
import { runErrand, type Talk } from "./run-errand.ts";
import { upgradeNotices } from "./upgrade-notices.ts";
import { withSeats } from "./with-seats.ts";

/** `rotate anchor`: a new rotation, or the one that is recorded. */
export function goToAnchor(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, options) => {
    const material = await materialFor(seats, args, world);
    const recorded = goalToGoOnWith(seats, "anchor", material.incoming);
    if (recorded === undefined && material.incoming.length === 0)
      throw new UsageError(
        "no rotation is under way: name the new anchor (--anchor FILE), or make one (--create DIR)",
      );
    const wish = {
      incoming: material.incoming,
      outgoing: args.texts("outgoing"),
      leaves: args.flag("wait-leaves") ? "wait" : "restart",
      lazy: args.flag("lazy"),
    } as const;
    const goal = recorded ?? anchorGoal(wish, seats, world.clock());
    insistSound(material, goal, seats, world.clock());
    return runErrand(
      {
        ...{ purpose: command.name, goal, seats, options },
        rotation: seats.find(({ open }) => open !== undefined)?.open?.id,
        ...issuerFor(material, args, world),
      },
      {
        says: material.says,
        again: commandLine(command, args, world.calledAs),
        keep: () => material.keep(),
        ...emissionIn(args),
        afterwards: upgradeNotices(seats),
      },
      world,
    );
  });
}

function emissionIn(args: Arguments): Pick<Talk, "emission"> {
  const folder = args.text("emit-manifests");
  const issuer = args.flag("emit-issuer");
  if (folder === undefined && issuer) throw new UsageError("--emit-issuer needs --emit-manifests DIR");
  return folder === undefined ? {} : { emission: { folder, issuer } };
}
