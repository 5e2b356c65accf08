import { exitCodesHelp } from "../exit-codes.ts";
import { issuerHelp } from "../rotate/material/words.ts";
import { mover } from "../rotate/mover.ts";
import { goingHelp } from "../rotate/options.ts";

export const rotateIssuer = mover(
  {
    name: "rotate issuer",
    summary: "Gives a running mesh a new issuer of the anchor it has, and sees that identity signs with it",
    help: `Usage: kubectl linkerd-certs rotate issuer [--ca FILE --ca-key FILE | --issuer FILE --issuer-key FILE] [flags]

Writes the issuer's Secret and waits until identity is proven to sign with it:
by its event, or by its pods. Nothing is restarted, unless identity misses it.
The anchor must be in the bundle and known to all; for another one there is
rotate anchor.

${issuerHelp}${goingHelp}
Examples:
  kubectl linkerd-certs rotate issuer --ca ca.crt --ca-key ca.key
  kubectl linkerd-certs rotate issuer --issuer issuer.crt --issuer-key issuer.key --yes

${exitCodesHelp({
  ok: "identity signs with the new issuer",
  failed: "a cluster could not be asked, or the material does not fit",
  found: "the guard refused the write",
  notInTime: "identity does not take it, or a person is needed",
  refused:
    "not confirmed; --yes is needed without a terminal; somebody else is at it; another one is unfinished",
  usage: "the flags do not fit",
  interrupted: "interrupted; the same words go on",
})}`,
  },
  async () => (await import("../rotate/commands/go-to-issuer.ts")).goToIssuer,
);
