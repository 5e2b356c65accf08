import type { Command } from "../command.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { insistNoWords } from "../rotate/command-line.ts";
import { anchorHelp, anchorOptions, issuerHelp, issuerOptions } from "../rotate/material/words.ts";
import { goingHelp, goingOptions } from "../rotate/options.ts";

export const recoverExpired: Command = {
  name: "recover expired",
  summary: "Brings back a mesh whose anchor or issuer has expired: both replaced, everything restarted",
  help: `Usage: kubectl linkerd-certs recover expired [--anchor FILE --ca-key FILE | --create DIR] [flags]

Not without downtime: what has expired verifies nothing any more, and keeping it
in the bundle does no good. Replaces anchor and issuer at once, restarts the
control plane and then every workload, as fast as --max-parallel lets it, and
says how long each step took. What is still in date is refused: that is for
rotate anchor, which loses no request. Where only the issuer has expired and
its anchor's key is at hand, rotate issuer is enough.

${anchorHelp}${issuerHelp}${goingHelp}
Examples:
  kubectl linkerd-certs recover expired --create new-anchor
  kubectl linkerd-certs recover expired --anchor ca.crt --ca-key ca.key --max-parallel 50 --yes

${exitCodesHelp({
  ok: "everything runs with the new anchor and issuer",
  failed: "a cluster could not be asked, or the material does not fit",
  found: "the guard refused a write",
  notInTime: "a person is needed, or nothing has moved for --timeout",
  refused:
    "not confirmed; --yes is needed without a terminal; somebody else is at it; another one is unfinished",
  usage: "the flags do not fit",
  interrupted: "interrupted; the same words go on",
})}`,
  options: { ...anchorOptions, ...issuerOptions, ...goingOptions },
  takes: ["cluster", "write"],
  async run(args, world) {
    insistNoWords(recoverExpired, args);
    const { goToRecovery } = await import("../rotate/commands/go-to-recovery.ts");
    return goToRecovery(recoverExpired, args, world);
  },
};
