import type { Command } from "../command.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { insistNoWords } from "../rotate/command-line.ts";

export const rotateAbort: Command = {
  name: "rotate abort",
  summary: "Gives a rotation up where it stands, and leaves everything in place",
  help: `Usage: kubectl linkerd-certs rotate abort [flags]

Records that the rotation is given up, and says where the mesh stands. Nothing
else is changed: while the bundle holds both anchors, everybody trusts whatever
issuer there is, so the mesh may stay so for as long as both are in date.
To go back instead, or afterwards: rotate rollback. For that the issuer before
stays in Secret linkerd-certs-previous-issuer, unless it is the one in use.

${exitCodesHelp({
  ok: "recorded, or there was nothing to give up",
  failed: "a cluster could not be asked",
  refused: "not confirmed; --yes is needed without a terminal; somebody is at it",
  usage: "the flags do not fit",
})}`,
  options: {},
  takes: ["cluster", "write"],
  async run(args, world) {
    insistNoWords(rotateAbort, args);
    const { abort } = await import("../rotate/commands/abort.ts");
    return abort(args, world);
  },
};
