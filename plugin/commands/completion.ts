import { type Command, UsageError } from "../command.ts";
import { complete } from "../completion/complete.ts";
import { lookupIn } from "../completion/lookup.ts";
import { scripts } from "../completion/scripts.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";

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
    const { values, files } = await complete(positionals, commands, lookupIn(world, positionals));
    const lines = values.map(({ value, about }) => (about === undefined ? value : `${value}\t${about}`));
    world.stdout.write([...lines, files ? ":0" : ":4", ""].join("\n"));
    return exitCodes.ok;
  },
};
