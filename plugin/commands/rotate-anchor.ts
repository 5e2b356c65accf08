import type { Arguments, Command } from "../command.ts";
import { type ExitCode, exitCodesHelp } from "../exit-codes.ts";
import { fingerprintBeginnings } from "../fingerprint-beginnings.ts";
import { insistNoWords } from "../rotate/command-line.ts";
import { anchorHelp, anchorOptions, issuerHelp, issuerOptions } from "../rotate/material/words.ts";
import { goingHelp, goingOptions } from "../rotate/options.ts";
import type { World } from "../world.ts";

const help = `Usage: kubectl linkerd-certs rotate anchor [--anchor FILE --ca-key FILE | --create DIR] [flags]

Takes a running mesh, or several that trust one another, from its trust anchor
to a new one, in stages that lose no request: everybody learns to trust both,
identity signs with an issuer of the new one, leaves of the old one go, the old
anchor goes. Nothing goes on before it is proven that it may.

It looks where the mesh stands and goes on from there: the same words again
after Ctrl-C, from another machine, after a step by hand. Without material it
goes on with the rotation that is recorded, as far as it can.

${anchorHelp}  --renew                  or has cert-manager make it, and trust-manager keep the old one meanwhile
${issuerHelp}  --outgoing FINGERPRINT   the anchor that is to go (what the issuers chain to); may be repeated
  --wait-leaves            waits until old leaves have ended, instead of restarting who holds them
  --lazy                   in the end, workloads keep the old anchor until their next restart
${goingHelp}  --emit-manifests DIR     for GitOps: writes what to commit for the stage it is in, and changes nothing
  --emit-issuer            the issuer's Secret, too: to be sealed before it is committed

Examples:
  kubectl linkerd-certs rotate anchor --create new-anchor --dry-run client
  kubectl linkerd-certs rotate anchor --anchor ca.crt --ca-key ca.key
  kubectl linkerd-certs rotate anchor --anchor ca.crt --pause-after overlapped
  kubectl linkerd-certs rotate anchor --context east --context west --create new-anchor --yes -o json

${exitCodesHelp({
  ok: "the old anchor is gone, or the stage asked for is reached",
  failed: "a cluster could not be asked, or the material does not fit",
  found: "the guard refused a write",
  notInTime: "a gate does not hold: a person is needed, or nothing has moved for --timeout",
  refused:
    "not confirmed; --yes is needed without a terminal; somebody else is at it; another one is unfinished",
  usage: "the flags do not fit",
  interrupted: "interrupted; the same words go on",
})}`;

export const rotateAnchor: Command = {
  name: "rotate anchor",
  summary: "Takes a running mesh to a new trust anchor, stage by stage, without losing a request",
  help,
  options: {
    ...anchorOptions,
    ...issuerOptions,
    ...goingOptions,
    outgoing: { type: "string", multiple: true },
    "wait-leaves": { type: "boolean" },
    lazy: { type: "boolean" },
    renew: { type: "boolean" },
    "emit-manifests": { type: "string" },
    "emit-issuer": { type: "boolean" },
  },
  takes: ["cluster", "write"],
  run: (args, world) => rotateAnchorRun(rotateAnchor, args, world),
};

/** The same under the name that linkerd's users know. */
export const upgrade: Command = {
  ...rotateAnchor,
  name: "upgrade",
  summary: "The same as rotate anchor",
  help: help.replaceAll("rotate anchor", "upgrade"),
  run: (args, world) => rotateAnchorRun(upgrade, args, world),
};

async function rotateAnchorRun(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  insistNoWords(command, args);
  fingerprintBeginnings(args, "outgoing");
  // What it takes is loaded only now: no other command is to wait for it.
  const { goToAnchor } = await import("../rotate/commands/go-to-anchor.ts");
  return goToAnchor(command, args, world);
}
