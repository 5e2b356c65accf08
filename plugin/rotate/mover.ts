import type { Arguments, Command } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { insistNoWords } from "./command-line.ts";
import { issuerOptions } from "./material/words.ts";
import { goingOptions } from "./options.ts";

type Act = (command: Command, args: Arguments, world: World) => Promise<ExitCode>;

/** A command that gives a mesh another issuer, with the options of all that move one. What it does is loaded when it is called. */
export function mover(
  described: Pick<Command, "name" | "summary" | "help">,
  act: () => Promise<Act>,
): Command {
  const command: Command = {
    ...described,
    options: { ...issuerOptions, ...goingOptions },
    takes: ["cluster", "write"],
    async run(args, world) {
      insistNoWords(command, args);
      return (await act())(command, args, world);
    },
  };
  return command;
}
