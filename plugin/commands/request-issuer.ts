import { pemBlock } from "../../trust/x509/index.ts";
import type { Command } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { keyText, newPassphrase } from "../material/keys.ts";
import * as profiles from "../material/profiles.ts";
import { certificateMode, createFiles, insistNew, keyMode } from "../material/write.ts";

export const requestIssuer: Command = {
  name: "request issuer",
  summary: "Makes an issuer's key and a request to have it signed elsewhere",
  help: `Usage: kubectl linkerd-certs request issuer [REQUEST [KEY]] [flags]

Half of the offline ceremony: the key is made here and stays here. Take the
request to where the anchor's key is kept, and there: sign REQUEST.
Writes issuer.csr and issuer.key where no names are given. Files that are
there already are never overwritten.

${profiles.namesHelp}  --name NAME              its common name (identity.linkerd.cluster.local)
${profiles.passphraseHelp}
${exitCodesHelp({ ok: "made", failed: "a file is there already, or cannot be written", usage: "the flags do not fit" })}`,
  options: { ...profiles.namesOptions, ...profiles.passphraseOptions, name: { type: "string" } },
  takes: [],

  async run(args, world) {
    const [requestPath = "", keyPath = ""] = profiles.fileNames(args, ["issuer.csr", "issuer.key"]);
    const subject = profiles.commonName("--name", args.text("name") ?? profiles.meshNames(args).issuer);
    insistNew([requestPath, keyPath], world);
    const passphrase = await newPassphrase(args, world);

    const [{ mintKey }, { mintRequest, openRequest }] = await Promise.all([
      import("../../trust/x509/mint/mint.ts"),
      import("../../trust/x509/mint/request.ts"),
    ]);
    const key = await mintKey();
    const der = await mintRequest(subject, key);
    createFiles(
      [
        { path: keyPath, content: keyText(key, passphrase), mode: keyMode },
        { path: requestPath, content: pemBlock("CERTIFICATE REQUEST", der), mode: certificateMode },
      ],
      world,
    );
    const request = await openRequest(der);
    world.stderr.write(`made a request for issuer "${subject}"
  ${requestPath}: the request; where the anchor's key is: ${world.calledAs} sign ${requestPath}
  ${keyPath}: the key${passphrase === undefined ? "" : ", encrypted"}; it stays here
  key fingerprint ${"key" in request ? request.keyFingerprint : ""}; sign says the same
`);
    return exitCodes.ok;
  },
};
