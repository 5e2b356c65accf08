import type { Command } from "../command.ts";
import { explain } from "./explain.ts";
import { rulesCommand } from "./rules.ts";

/** Every verb, in the order in which the overview lists them. */
export const commands: readonly Command[] = [explain, rulesCommand];
