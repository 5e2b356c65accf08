import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { Refused } from "./goals.ts";

/** What is refused before it begins has an exit code of its own. */
export async function refusing(world: World, act: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    world.stderr.write(`linkerd-certs: error: ${error.message}\nlinkerd-certs: hint: ${error.hint}\n`);
    return exitCodes.refused;
  }
}
