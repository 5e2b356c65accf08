import type { ParseArgsOptionsConfig } from "node:util";
import type { ExitCode } from "./exit-codes.ts";
import type { Settings } from "./settings/settings.ts";
import type { World } from "./world.ts";

/** One verb of the plugin. Parsing its words is pure; what it does to the world it is handed. */
export interface Command {
  /** As typed: "check", "create anchor". */
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  /**
   * Everything --help prints after the first line: usage, examples, exit codes. Shells complete by it, and
   * docs/reference is made of it: a line for each flag, "  -x, --flag a|b  what it does (default)".
   */
  readonly help: string;
  /** Its own flags; those of every command are in common-options.ts. */
  readonly options: ParseArgsOptionsConfig;
  /** Which groups of common flags it takes. */
  readonly takes: readonly OptionGroup[];
  /** Flags of linkerd's that it only puts up with: no shell offers them. */
  readonly tolerates?: readonly string[];
  /** For programs, not people: the overview leaves it out. */
  readonly hidden?: true;
  run(args: Arguments, world: World): Promise<ExitCode>;
}

export type OptionGroup = "cluster" | "output" | "write";

export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of a flag that has one; the default where it was not given. */
  text(name: string): string | undefined;
  /** Every value of a flag that may be repeated. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** What files and the environment say besides, which flags do not. */
  readonly settings?: Settings;
}

/** The words do not fit the command; ends in exit code 64 with a hint. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The person asked has pressed Ctrl-C, which a terminal that shows nothing of what is typed hands on as a key. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
