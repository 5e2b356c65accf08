import { type Arguments, type Command, UsageError } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { commandLine } from "./command-line.ts";
import { anchorGoal, goalToGoOnWith } from "./goals.ts";
import { issuerFor, materialFor } from "./material/for-seats.ts";
import { goingOptionsIn } from "./options.ts";
import { refusing } from "./refusing.ts";
import { runErrand } from "./run-errand.ts";
import { takeSeats } from "./seat.ts";

/** `rotate anchor`: a new rotation, or the one that is recorded. */
export function goToAnchor(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return refusing(world, async () => {
    const options = goingOptionsIn(args);
    const { all: seats, door } = await takeSeats(options.contexts, args, world);
    try {
      const material = await materialFor(seats, args, world);
      const recorded = goalToGoOnWith(seats, "anchor", material.incoming);
      if (recorded === undefined && material.incoming.length === 0)
        throw new UsageError(
          "no rotation is under way: name the new anchor (--anchor FILE), or make one (--create DIR)",
        );
      const goal =
        recorded ??
        anchorGoal(
          {
            incoming: material.incoming,
            outgoing: args.texts("outgoing"),
            leaves: args.flag("wait-leaves") ? "wait" : "restart",
            lazy: args.flag("lazy"),
          },
          seats,
          world.clock(),
        );
      const rotation = seats.find(({ open }) => open !== undefined)?.open?.id;
      const make = issuerFor(material, args, world);
      return await runErrand(
        {
          purpose: command.name,
          goal,
          seats,
          options,
          rotation,
          ...(make === undefined ? {} : { issuerFor: make }),
        },
        {
          says: material.says,
          again: commandLine(command, args, world.calledAs),
          keep: () => material.keep(),
          afterwards: [],
        },
        world,
      );
    } finally {
      door.close();
    }
  });
}
