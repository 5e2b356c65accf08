import type { Command } from "../command.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { oneOf } from "../one-of.ts";
import { insistNoWords } from "../rotate/command-line.ts";

export const rotateHistory: Command = {
  name: "rotate history",
  summary: "Lists the rotations that a cluster remembers, or all that one of them did",
  help: `Usage: kubectl linkerd-certs rotate history [ID] [-o text|json] [flags]

Every rotation keeps a journal in Linkerd's namespace: ConfigMaps with the label
linkerd-certs.io/rotation. Who did what when, and why it was safe; certificates
by fingerprint, and never a key. With an ID (its first characters are enough)
all lines of that one.

  -o, --output text|json   json: one object (text)

Examples:
  kubectl linkerd-certs rotate history
  kubectl linkerd-certs rotate history 20261127-0715
  kubectl linkerd-certs rotate history -o json

${exitCodesHelp({ ok: "told", failed: "a cluster could not be asked, or there is no such rotation", usage: "the flags do not fit" })}`,
  options: {},
  takes: ["cluster", "output"],
  async run(args, world) {
    insistNoWords(rotateHistory, args, 1);
    const output = oneOf("output", ["text", "json"], args.text("output") || "text");
    const { history } = await import("../rotate/commands/history.ts");
    return history(args, world, output);
  },
};
