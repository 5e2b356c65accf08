import { type Arguments, type Command, UsageError } from "../command.ts";
import { optionsOf } from "../common-options.ts";
import { quoted } from "../render/quoted.ts";

/** Never shown again, for screens are copied into tickets. */
const secret = new Set(["token"]);
/** What a run that goes on need not be told again. */
const ofThisRun = new Set([
  "help",
  "verbose",
  "color",
  "yes",
  "dry-run",
  "emit-manifests",
  "emit-issuer",
  "pause-after",
]);

/** The words with which to go on: the same as they were given, quoted for a shell. */
export function commandLine(
  command: Pick<Command, "name" | "options" | "takes">,
  args: Arguments,
  calledAs: string,
): string {
  const options = { ...optionsOf(command.takes), ...command.options };
  const flags = Object.entries(options)
    .filter(([name]) => !secret.has(name) && !ofThisRun.has(name))
    .flatMap(([name, { type, default: usual }]) => {
      if (type === "boolean") return args.flag(name) ? [`--${name}`] : [];
      return args
        .texts(name)
        .filter((text) => text !== "" && text !== usual)
        .map((text) => `--${name} ${quoted(text)}`);
    });
  return [calledAs, command.name, ...args.positionals.map(quoted), ...flags].join(" ");
}

/** Throws a UsageError for a word beyond so many. */
export function insistNoWords(command: Pick<Command, "name">, args: Arguments, most = 0): void {
  const extra = args.positionals[most];
  if (extra !== undefined) throw new UsageError(`${command.name} takes no ${extra}`);
}
