import { exitCodesHelp } from "../exit-codes.ts";
import { issuerHelp } from "../rotate/material/words.ts";
import { mover } from "../rotate/mover.ts";
import { goingHelp } from "../rotate/options.ts";

export const rotateRollback = mover(
  {
    name: "rotate rollback",
    summary: "Takes a rotation back: to the anchor and the issuer before it",
    help: `Usage: kubectl linkerd-certs rotate rollback [flags]

The same stages in the other direction: the old anchor comes back into the
bundle where it has left it, everybody learns to trust it again, and identity
signs with the issuer before. The bundle then holds both anchors: a state that
is safe to stay in, and to leave either way.

After rotate issuer the issuer before it is written again, and nothing else.

The issuer before is kept in Secret linkerd-certs-previous-issuer until a
rotation is finished. After that it is gone; give one:

${issuerHelp}${goingHelp}
Examples:
  kubectl linkerd-certs rotate rollback --dry-run client
  kubectl linkerd-certs rotate rollback
  kubectl linkerd-certs rotate rollback --ca old/ca.crt --ca-key old/ca.key

${exitCodesHelp({
  ok: "identity signs with an issuer of the anchor before",
  failed: "a cluster could not be asked, or the material does not fit",
  found: "the guard refused a write",
  notInTime: "a gate does not hold: a person is needed, or nothing has moved for --timeout",
  refused: "nothing to take back; not confirmed; somebody else is at it",
  usage: "the flags do not fit",
  interrupted: "interrupted; the same words go on",
})}`,
  },
  async () => (await import("../rotate/commands/go-back.ts")).goBack,
);
