import type { Arguments } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { Refused } from "./goals.ts";
import { type GoingOptions, goingOptionsIn } from "./options.ts";
import { type Seat, takeSeats } from "./seat.ts";

/** Reaches the clusters, acts, and lets go of them. What is refused before it begins has an exit code of its own. */
export async function withSeats(
  args: Arguments,
  world: World,
  act: (seats: readonly Seat[], options: GoingOptions) => Promise<ExitCode>,
): Promise<ExitCode> {
  const options = goingOptionsIn(args);
  try {
    const { all, door } = await takeSeats(options.contexts, args, world);
    try {
      return await act(all, options);
    } finally {
      door.close();
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    world.stderr.write(`linkerd-certs: error: ${error.message}\nlinkerd-certs: hint: ${error.hint}\n`);
    return exitCodes.refused;
  }
}
