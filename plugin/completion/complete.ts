import type { Command } from "../command.ts";
import { optionsHelp, optionsOf } from "../common-options.ts";
import { wordsInHelp } from "./words-in-help.ts";

/** What may stand where the cursor is. */
export interface Candidates {
  /** With what it is, where that helps to choose. */
  readonly values: readonly Candidate[];
  /** A file may stand there. */
  readonly files: boolean;
}

export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** Where the candidates come from that the commands do not know. */
export interface Lookup {
  contexts(): Promise<readonly string[]>;
  clusters(): Promise<readonly string[]>;
  users(): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  rules(): Promise<readonly Candidate[]>;
}

/** Completes the last of the words, which may be empty. */
export async function complete(
  typed: readonly string[],
  commands: readonly Command[],
  lookup: Lookup,
): Promise<Candidates> {
  const words = typed.filter((word) => word !== "="); // bash splits --context=east in three
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { command, rest } = find(before, commands);
  if (command === undefined) return only(nextWords(before, commands), current);

  const [, name, begun] = /^--([a-z-]+)=(.*)$/.exec(current) ?? [];
  if (name !== undefined && begun !== undefined) {
    const found = await valuesOf(name, command, lookup);
    // bash completes what stands behind the sign alone, but the other shells the whole word.
    return only(
      (found?.values ?? []).map((one) => ({ ...one, value: `--${name}=${one.value}` })),
      current,
    );
  }
  const flag = flagBefore(rest, command);
  if (flag !== undefined) {
    const found = await valuesOf(flag, command, lookup);
    return found === undefined ? { values: [], files: true } : only(found.values, current);
  }
  if (current.startsWith("-")) return only(flagsOf(command), current);
  if (command.name === "explain") return only(await lookup.rules(), current);
  if (command.name === "completion") return only(shellNames, current);
  return { values: [], files: true };
}

const shellNames = ["bash", "zsh", "fish", "powershell", "kubectl"].map((value) => ({ value }));

function only(values: readonly Candidate[], begun: string): Candidates {
  return { values: values.filter(({ value }) => value.startsWith(begun)), files: false };
}

/** The command that the words begin with, and the words after it. */
export function find(words: readonly string[], commands: readonly Command[]) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  return { command: undefined, rest: words };
}

function nextWords(before: readonly string[], commands: readonly Command[]): Candidate[] {
  const start = before.map((word) => `${word} `).join("");
  const matching = commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(start));
  const byWord = Map.groupBy(matching, ({ name }) => name.slice(start.length).split(" ")[0] ?? "");
  return [...byWord].map(([value, [first, ...more]]) =>
    first === undefined || more.length > 0 ? { value } : { value, about: first.summary },
  );
}

/** The flag that the word before asks a value for. */
function flagBefore(words: readonly string[], command: Command): string | undefined {
  const last = words.at(-1) ?? "";
  const found = Object.entries(optionsFor(command)).find(
    ([name, { short }]) => last === `--${name}` || (short !== undefined && last === `-${short}`),
  );
  return found?.[1].type === "string" ? found[0] : undefined;
}

function optionsFor(command: Command) {
  return { ...optionsOf(command.takes), ...command.options };
}

function flagsOf(command: Command): Candidate[] {
  return Object.keys(optionsFor(command))
    .filter((name) => !command.tolerates?.includes(name))
    .map((name) => ({ value: `--${name}` }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

async function valuesOf(
  flag: string,
  command: Command,
  lookup: Lookup,
): Promise<{ readonly values: readonly Candidate[] } | undefined> {
  const named = {
    context: lookup.contexts,
    "from-context": lookup.contexts,
    cluster: lookup.clusters,
    user: lookup.users,
  };
  if (flag in named)
    return { values: (await named[flag as keyof typeof named]()).map((value) => ({ value })) };
  if (flag === "linkerd-namespace" || flag === "namespace")
    return { values: (await lookup.namespaces()).map((value) => ({ value })) };
  const words = wordsInHelp(flag, `${command.help}\n${optionsHelp(command.takes)}`);
  return words === undefined ? undefined : { values: words.map((value) => ({ value })) };
}
