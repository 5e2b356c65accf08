import { type Command, UsageError } from "../command.ts";
import { optionsHelp } from "../common-options.ts";
import { wordsInHelp } from "../completion/words-in-help.ts";
import type { Settled } from "../parse.ts";
import type { World } from "../world.ts";
import { findSettings } from "./find.ts";
import { noSettings, type Said, type Settings } from "./settings.ts";

/** Everything that is said beside the words: the environment's values first, then the repository's, then the person's. */
export async function gatherSettings(world: World): Promise<Settings> {
  const files = findSettings(world);
  const said = Object.keys(world.env).some((name) => name.startsWith(prefix) && world.env[name]);
  if (files.length === 0 && !said) return noSettings;
  const values = said ? await fromEnvironment(world) : new Map<string, Said>();
  // Loads YAML, the validator and the catalogue: only whoever has such a file waits for them.
  const { readSettings } =
    files.length === 0 ? { readSettings: () => noSettings } : await import("./read.ts");
  const read = files.map(readSettings);
  return {
    values: new Map([...read.toReversed().flatMap((one) => [...one.values]), ...values]),
    rules: new Map(read.toReversed().flatMap((one) => [...one.rules])),
    suppressions: read.flatMap(({ suppressions }) => suppressions),
  };
}

const prefix = "LINKERD_CERTS_";

/** The variable that settles a flag. */
export function variableOf(flag: string): string {
  return `${prefix}${flag.replaceAll("-", "_").toUpperCase()}`;
}

async function fromEnvironment({ env }: World): Promise<Map<string, Said>> {
  const { settable } = await import("./fitting.ts");
  const values = new Map<string, Said>();
  for (const [flag, fits] of Object.entries(settable)) {
    const variable = variableOf(flag);
    const text = env[variable];
    if (text === undefined || text === "") continue;
    const texts = flag === "contexts" ? text.split(",") : [text];
    for (const one of texts) {
      const reason = fits(one);
      if (reason !== undefined) throw new UsageError(`$${variable} ${one}: ${reason}`);
    }
    values.set(flag, { values: texts, place: `$${variable}` });
  }
  return values;
}

/** What the settings say for the flags of one command. */
export function settledFor(command: Command, { values }: Settings, { env }: World): Settled {
  const compares = command.name === "check" || command.name === "report";
  return (flag) => {
    const said = (compares && flag === "context" ? values.get("contexts") : undefined) ?? values.get(flag);
    if (said === undefined) return undefined;
    // The environment has a say about colours of its own.
    if (flag === "color" && !said.place.startsWith("$") && (env["NO_COLOR"] || env["FORCE_COLOR"]))
      return undefined;
    // -o may be a file, and formats differ: what this command does not know is not meant for it.
    if (flag === "output" && !command.takes.includes("output")) return undefined;
    if (flag !== "output" && flag !== "fail-on") return said.values;
    const words = wordsInHelp(flag, `${command.help}\n${optionsHelp(command.takes)}`) ?? [];
    return said.values.every((one) => words.includes(one)) ? said.values : undefined;
  };
}
