import { type Command, UsageError } from "../command.ts";
import { complete, find } from "../completion/complete.ts";
import { lookupIn } from "../completion/lookup.ts";
import { scripts } from "../completion/scripts.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { parse } from "../parse.ts";
import { reaching } from "../reach.ts";
import type { World } from "../world.ts";

const shells = Object.keys(scripts);

export const completion: Command = {
  name: "completion",
  summary: "Writes what a shell needs to complete words",
  help: `Usage: kubectl linkerd-certs completion ${shells.join("|")}

"kubectl linkerd-certs" itself is completed by kubectl, which wants a second program on PATH:

  kubectl linkerd-certs completion kubectl > ~/.local/bin/kubectl_complete-linkerd_certs
  chmod +x ~/.local/bin/kubectl_complete-linkerd_certs

The others are for kubectl-linkerd_certs and linkerd-certs called by their own names:

  source <(kubectl-linkerd_certs completion bash)
  source <(kubectl-linkerd_certs completion zsh)
  kubectl-linkerd_certs completion fish | source

${exitCodesHelp({ ok: "written", usage: "there is no such shell" })}`,
  options: {},
  takes: [],

  async run({ positionals }, { stdout }) {
    const [shell = "", ...more] = positionals;
    const script = scripts[shell];
    if (script === undefined || more.length > 0)
      throw new UsageError(`completion takes one of ${shells.join(", ")}`);
    stdout.write(script);
    return exitCodes.ok;
  },
};

/** What the scripts call: a line for each candidate, the last one says whether files may stand there (cobra's). */
export const completeWords: Command = {
  name: "__complete",
  summary: "Completes the last of the words after --",
  help: "Usage: kubectl linkerd-certs __complete -- WORD...\n",
  hidden: true,
  options: {},
  takes: [],

  async run({ positionals }, world) {
    // Only now, for the commands know this one.
    const { commands } = await import("./index.ts");
    const lookup = lookupIn(asTyped(positionals, commands, world), positionals);
    const { values, files } = await complete(positionals, commands, lookup);
    const lines = values.map(({ value, about }) => (about === undefined ? value : `${value}\t${about}`));
    world.stdout.write([...lines, files ? ":0" : ":4", ""].join("\n"));
    return exitCodes.ok;
  },
};

/** Clusters are asked by the flags that stand there already: --as, --server, --token. */
function asTyped(typed: readonly string[], commands: readonly Command[], world: World): World {
  const { command, rest } = find(
    typed.filter((word) => word !== "="),
    commands,
  );
  // Without the word that is being completed, and the flag before it that still lacks its value.
  if (command === undefined) return world;
  for (const end of [-1, -2]) {
    try {
      return reaching(parse(command, rest.slice(0, end)), world);
    } catch {} // they are not typed to their end
  }
  return world;
}
