import { Failure } from "../cluster/failure.ts";
import { closest } from "../trust/closest.ts";
import { type Command, Interrupted, UsageError } from "./command.ts";
import { commands } from "./commands/index.ts";
import { optionsHelp } from "./common-options.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { parse } from "./parse.ts";
import { reaching } from "./reach.ts";
import { noSettings } from "./settings/settings.ts";
import { gatherSettings, settledFor } from "./settings/settle.ts";
import type { World } from "./world.ts";

/** Does what the words ask for; the exit code says how it went. Nothing is thrown, no process is ended. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  const { command, rest } = find(argv);
  const own = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
  const wantsHelp = own.includes("--help") || own.includes("-h") || own[0] === "help";
  if (command === undefined) {
    const begun = commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(`${rest[0]} `));
    if (argv.length === 0 || wantsHelp)
      return say(world, overview(world, begun.length > 0 ? begun : commands), exitCodes.ok);
    return notFound(rest, begun, world);
  }
  if (wantsHelp) return say(world, helpOf(command, world), exitCodes.ok);
  try {
    const settings = settles(command) ? await gatherSettings(world) : noSettings;
    const args = { ...parse(command, rest, settledFor(command, settings, world)), settings };
    return await command.run(args, reaching(args, world));
  } catch (error) {
    return failed(error, command, world);
  }
}

/** Whether anything that is settled elsewhere is about it: who only says something reads no files. */
function settles({ takes, options, hidden }: Command): boolean {
  return hidden !== true && (takes.includes("cluster") || "linkerd-namespace" in options);
}

function find(argv: readonly string[]): { command?: Command; rest: readonly string[] } {
  const words = argv[0] === "help" ? argv.slice(1) : argv;
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  return { rest: words };
}

function failed(error: unknown, command: Command, world: World): ExitCode {
  if (world.interrupted.aborted || error instanceof Interrupted)
    return complain(world, "interrupted", "", exitCodes.interrupted);
  if (error instanceof UsageError) {
    const hint = `${world.calledAs} ${command.name} --help`;
    return complain(world, error.message, hint, exitCodes.usage);
  }
  const message = error instanceof Error ? error.message : String(error);
  return complain(world, message, error instanceof Failure ? error.hint : "", exitCodes.failed);
}

/** @param begun the commands of which the first word is there, as in `rotate` */
function notFound(words: readonly string[], begun: readonly Command[], world: World): ExitCode {
  const [first = "", second] = words;
  if (begun.length > 0 && (second === undefined || second.startsWith("-"))) {
    const next = begun.map(({ name }) => name.slice(first.length + 1)).join(", ");
    return complain(world, `${first} what? ${next}`, `${world.calledAs} ${first} --help`, exitCodes.usage);
  }
  const [said, among] = begun.length > 0 ? [`${first} ${second}`, begun] : [first, commands];
  const meant = closest(
    said,
    among.map(({ name }) => name),
  );
  const list = `${world.calledAs} ${begun.length > 0 ? `${first} ` : ""}--help lists the commands`;
  const hint = meant === undefined ? list : `did you mean ${meant}?`;
  return complain(world, `no such command: ${said}`, hint, exitCodes.usage);
}

function overview({ calledAs }: World, listed: readonly Command[]): string {
  const shown = listed.filter(({ hidden }) => hidden !== true);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const list = shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n");
  return `Sees, explains and mends the certificates that Linkerd's trust stands on.

Usage: ${calledAs} COMMAND [flags]

${list}

${calledAs} COMMAND --help says more of each.
`;
}

function helpOf(command: Command, { calledAs }: World): string {
  const help = command.help.replaceAll("kubectl linkerd-certs", calledAs);
  return `${command.summary}.\n\n${help}\n${optionsHelp(command.takes)}`;
}

function say({ stdout }: World, text: string, code: ExitCode): ExitCode {
  stdout.write(text);
  return code;
}

function complain({ stderr }: World, message: string, hint: string, code: ExitCode): ExitCode {
  stderr.write(`linkerd-certs: error: ${message}\n${hint === "" ? "" : `linkerd-certs: hint: ${hint}\n`}`);
  return code;
}
