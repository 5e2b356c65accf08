import type { Command } from "../command.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { oneOf } from "../one-of.ts";
import { insistNoWords } from "../rotate/command-line.ts";

export const rotateStatus: Command = {
  name: "rotate status",
  summary: "Tells where a mesh stands between two anchors, what holds and why, and what comes next",
  help: `Usage: kubectl linkerd-certs rotate status [-w] [-o text|json] [flags]

Read off the cluster, whether a rotation is recorded or somebody began one by
hand: the stage, the gates behind it with their evidence, who trusts what, who
is at it, what comes next, and what only a person can do. Changes nothing.

  -w, --watch              again whenever something has changed, until Ctrl-C
  -o, --output text|json   json: one object; with -w one a line (text)

Examples:
  kubectl linkerd-certs rotate status
  kubectl linkerd-certs rotate status -w
  kubectl linkerd-certs rotate status --context east --context west -o json

${exitCodesHelp({ ok: "told", failed: "a cluster could not be asked", usage: "the flags do not fit" })}`,
  options: { watch: { type: "boolean", short: "w" } },
  takes: ["cluster", "output"],
  async run(args, world) {
    insistNoWords(rotateStatus, args);
    const output = oneOf("output", ["text", "json"], args.text("output") || "text");
    const { status } = await import("../rotate/commands/status.ts");
    return status(args, world, output);
  },
};
