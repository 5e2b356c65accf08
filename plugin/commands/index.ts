import type { Command } from "../command.ts";
import { check } from "./check.ts";
import { explain } from "./explain.ts";
import { extensionMetadata } from "./extension.ts";
import { rulesCommand } from "./rules.ts";

/** Every verb, in the order in which the overview lists them. */
export const commands: readonly Command[] = [check, explain, rulesCommand, extensionMetadata];
