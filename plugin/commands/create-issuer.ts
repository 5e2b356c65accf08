import { certificatePem } from "../../trust/x509/index.ts";
import type { Command } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { issueIssuer } from "../material/issue.ts";
import { keyText, newPassphrase, readSigner } from "../material/keys.ts";
import * as profiles from "../material/profiles.ts";
import { certificateMode, createFiles, insistNew, keyMode } from "../material/write.ts";
import { oneLine } from "../render/certificate.ts";

export const createIssuer: Command = {
  name: "create issuer",
  summary: "Makes an issuer and its key, signed by an anchor, in files",
  help: `Usage: kubectl linkerd-certs create issuer [CERTIFICATE [KEY]] [--ca FILE --ca-key FILE] [flags]

Writes issuer.crt and issuer.key where no names are given. Files that are
there already are never overwritten. Refuses an anchor that ends before the
issuer would, and whatever Linkerd would not take.
Where the anchor's key is kept elsewhere: request issuer here, sign there.

  --ca FILE                the anchor's certificate (ca.crt)
  --ca-key FILE            the anchor's key (ca.key)
  --ca-passphrase-file FILE  where that key's passphrase stands, if it is encrypted (it is asked for)
${profiles.profileHelp("issuer")}${profiles.namesHelp}  --name NAME              its common name (identity.linkerd.cluster.local)
  --constrain              name constraints: it can sign for names of the trust domain only
${profiles.passphraseHelp}Linkerd reads no encrypted key: decrypt it for the Secret.

Example: kubectl linkerd-certs create issuer issuer.crt issuer.key --ca ca.crt --ca-key ca.key

${exitCodesHelp({
  ok: "made",
  failed: "the anchor does not fit, a file is there already, or cannot be read or written",
  usage: "the flags do not fit",
})}`,
  options: {
    ...profiles.namesOptions,
    ...profiles.profileOptions,
    ...profiles.passphraseOptions,
    name: { type: "string" },
    constrain: { type: "boolean" },
    ca: { type: "string", default: "ca.crt" },
    "ca-key": { type: "string", default: "ca.key" },
    "ca-passphrase-file": { type: "string" },
  },
  takes: [],

  async run(args, world) {
    const [certificatePath = "", keyPath = ""] = profiles.fileNames(args, ["issuer.crt", "issuer.key"]);
    const now = world.clock();
    const notAfter = profiles.endOf("issuer", args, now);
    const names = profiles.meshNames(args);
    const subject = profiles.commonName("--name", args.text("name") ?? names.issuer);
    insistNew([certificatePath, keyPath], world);
    const [ca = "", caKey = ""] = [args.text("ca"), args.text("ca-key")];
    const signer = await readSigner(ca, caKey, args.text("ca-passphrase-file"), world);
    const passphrase = await newPassphrase(args, world);

    const { mintKey } = await import("../../trust/x509/mint/mint.ts");
    const key = await mintKey();
    const permittedDomains = args.flag("constrain") ? [names.trustDomain] : [];
    const issuer = await issueIssuer({ subject, key, notAfter, permittedDomains }, signer, names, now);
    createFiles(
      [
        { path: keyPath, content: keyText(key, passphrase), mode: keyMode },
        { path: certificatePath, content: certificatePem(issuer), mode: certificateMode },
      ],
      world,
    );
    world.stderr.write(`made issuer ${oneLine(issuer)}, signed by ${oneLine(signer.certificate)}
  ${certificatePath}: the certificate, for Secret linkerd-identity-issuer
  ${keyPath}: its key${passphrase === undefined ? "" : ", encrypted; Linkerd reads no encrypted key: decrypt it for the Secret"}
`);
    return exitCodes.ok;
  },
};
