import type { Command, OptionGroup } from "../../plugin/command.ts";
import { commands } from "../../plugin/commands/index.ts";
import { groupHelp } from "../../plugin/common-options.ts";
import { usage as guardUsage } from "../../webhook/arguments.ts";
import { environmentOfGuard, environmentOfPlugin } from "./environment.ts";
import { codesOfPlugin } from "./exit-codes.ts";
import { flagTable } from "./flag-table.ts";
import { flagLines, type Help, readHelp } from "./help.ts";
import { code, fence, madeBy, page, prose, table } from "./markdown.ts";

/** What people type: without those that only programs call. */
export const shown: readonly Command[] = commands.filter(({ hidden }) => hidden !== true);

/** docs/reference/commands.md: every command of the plugin and the guard's own, from the text that --help prints. */
export function commandsPage(): string {
  return page(
    "# Commands",
    madeBy,
    "`kubectl linkerd-certs COMMAND [flags]`; `--help` behind each prints what stands here. What is the same in every call may be settled in a file or the environment: [settings](../settings.md).",
    table(
      ["command", "what it does"],
      shown.map(({ name, summary }) => [`[${name}](#${slug(name)})`, prose(summary)]),
    ),
    ...shown.map(section),
    "## Common flags",
    ...Object.entries(groups).map(([group, title]) =>
      page(`### ${title}`, flagTable(flagLines(groupHelp[group as keyof typeof groups]))).trimEnd(),
    ),
    "## Exit codes",
    "The same in every command; each says above which of them it has.",
    table(["code", "means"], codesOfPlugin),
    "## Environment",
    table(["variable", "what it does"], environmentOfPlugin()),
    guard(),
  );
}

const groups: Readonly<Record<Exclude<OptionGroup, "output"> | "always", string>> = {
  cluster: "Flags for the cluster",
  write: "Flags for writing",
  always: "Flags of every command",
};

const slug = (title: string) => title.toLowerCase().replaceAll(" ", "-");

function section(command: Command): string {
  const { name, summary, takes } = command;
  const twin = shown.find(
    (one) => one !== command && one.options === command.options && sameWords(one, command),
  );
  if (twin !== undefined && shown.indexOf(twin) < shown.indexOf(command))
    return `## ${name}\n\n${prose(summary)}: [${twin.name}](#${slug(twin.name)}).`;
  const help = readHelp(command.help);
  const common = (["cluster", "write", "always"] as const).filter(
    (group) => group === "always" || takes.includes(group),
  );
  const links = common.map((group) => `[${groups[group].toLowerCase()}](#${slug(groups[group])})`);
  return page(
    `## ${name}`,
    `${prose(summary)}.`,
    fence("text", help.usage),
    ...body(help, command.options),
    `Besides: ${links.join(", ")}.`,
    ...ending(help),
  ).trimEnd();
}

const sameWords = (one: Command, other: Command) =>
  one.help.replaceAll(`linkerd-certs ${one.name}`, "") ===
  other.help.replaceAll(`linkerd-certs ${other.name}`, "");

function body({ says, flags }: Help, options: Command["options"] = {}): readonly string[] {
  return [
    ...says.map((one) => (typeof one === "string" ? prose(one) : fence(shellOf(one.typed), one.typed))),
    flags.length === 0 ? "" : flagTable(flags, options),
  ];
}

/** What sh does not know. */
const shellOf = (typed: string) => (typed.includes("<(") ? "bash" : "sh");

function ending({ examples, exitCodes }: Help): readonly string[] {
  return [
    examples.length === 0 ? "" : fence("sh", examples.join("\n")),
    exitCodes.length === 0
      ? ""
      : table(
          ["exit code", "means"],
          exitCodes.map(([number, meaning]) => [code(number), prose(meaning)]),
        ),
  ];
}

function guard(): string {
  const help = readHelp(guardUsage);
  return page(
    "## The guard: linkerd-certs-webhook",
    fence("text", help.usage),
    ...body(help),
    ...ending(help),
    "### The guard's environment",
    table(["variable", "what it does"], environmentOfGuard),
  ).trimEnd();
}
