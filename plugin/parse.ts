import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { closest } from "../trust/closest.ts";
import { type Arguments, type Command, UsageError } from "./command.ts";
import { optionsOf } from "./common-options.ts";

/** What is said elsewhere for flags that are not given: nothing for one that nobody knows. */
export type Settled = (flag: string) => readonly string[] | undefined;

/** The words of a command: what is given counts first, then what is settled elsewhere, then the flag's default. */
export function parse(
  command: Command,
  words: readonly string[],
  settled: Settled = () => undefined,
): Arguments {
  const options = { ...optionsOf(command.takes), ...command.options };
  const bare = Object.entries(options).map(([name, { default: _, ...option }]) => [name, option]);
  const { values, positionals } = read(words, Object.fromEntries(bare));
  const texts = (name: string): readonly string[] => {
    const value = values.get(name) ?? settled(name) ?? options[name]?.default;
    return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  };
  return {
    positionals,
    texts,
    text: (name) => texts(name).at(-1),
    flag: (name) => values.get(name) === true,
  };
}

function read(words: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    const args = asNodeReads(words, options);
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: new Map<string, unknown>(Object.entries(values)), positionals };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new UsageError(unknownFlag(message, options) ?? valueless(message) ?? message);
  }
}

/** Node explains at length how a word may begin with a dash; most who read it have mistyped a flag. */
function unknownFlag(message: string, options: ParseArgsOptionsConfig): string | undefined {
  const [, flag] = /^Unknown option '([^']+)'/.exec(message) ?? [];
  if (flag === undefined) return undefined;
  const meant = flag.startsWith("--") ? closest(flag.slice(2), Object.keys(options)) : undefined;
  return `there is no flag ${flag}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
}

/** A value that begins with a dash looks like the next flag. */
function valueless(message: string): string | undefined {
  const [, flag] =
    /^Option '(?:-\w, )?(--[a-z-]+|-\w)(?: <value>)?' argument (?:is ambiguous|missing)/.exec(message) ?? [];
  if (flag === undefined) return undefined;
  return `${flag} needs a value${message.includes("ambiguous") ? `; one that begins with a dash is given as ${flag}=VALUE` : ""}`;
}

/** What kubectl takes and Node's parser does not: -o=json, and --yes=true for what is a yes or a no. */
function asNodeReads(words: readonly string[], options: ParseArgsOptionsConfig): string[] {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const before = words.slice(0, end).flatMap((word) => {
    const [, letter, rest] = /^-([a-zA-Z])=(.*)$/s.exec(word) ?? [];
    const long = Object.entries(options).find(([, { short }]) => short !== undefined && short === letter);
    if (long?.[1].type === "string") return [`--${long[0]}=${rest}`];
    const [, name = "", answer] = /^--([a-z-]+)=(true|false)$/.exec(word) ?? [];
    if (answer === undefined || !Object.hasOwn(options, name) || options[name]?.type !== "boolean")
      return [word];
    return answer === "true" ? [`--${name}`] : [];
  });
  return [...before, ...words.slice(end)];
}
