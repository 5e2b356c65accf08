import { certificatePem } from "../../trust/x509/index.ts";
import type { Command } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { keyText, newPassphrase } from "../material/keys.ts";
import * as profiles from "../material/profiles.ts";
import { certificateMode, createFiles, insistNew, keyMode } from "../material/write.ts";
import { oneLine } from "../render/certificate.ts";

export const createAnchor: Command = {
  name: "create anchor",
  summary: "Makes a trust anchor and its key, in files",
  help: `Usage: kubectl linkerd-certs create anchor [CERTIFICATE [KEY]] [flags]

Writes ca.crt and ca.key where no names are given. Files that are there
already are never overwritten. The key belongs offline: no cluster needs it.

${profiles.profileHelp("anchor")}${profiles.namesHelp}  --name NAME              its common name (root.linkerd.cluster.local)
${profiles.passphraseHelp}
Example: kubectl linkerd-certs create anchor ca.crt ca.key --encrypt

${exitCodesHelp({ ok: "made", failed: "a file is there already, or cannot be written", usage: "the flags do not fit" })}`,
  options: {
    ...profiles.namesOptions,
    ...profiles.profileOptions,
    ...profiles.passphraseOptions,
    name: { type: "string" },
  },
  takes: [],

  async run(args, world) {
    const [certificatePath = "", keyPath = ""] = profiles.fileNames(args, ["ca.crt", "ca.key"]);
    const now = world.clock();
    const notAfter = profiles.endOf("anchor", args, now);
    const subject = profiles.commonName("--name", args.text("name") ?? profiles.meshNames(args).anchor);
    insistNew([certificatePath, keyPath], world);
    const passphrase = await newPassphrase(args, world);

    const { mintCertificate, mintKey } = await import("../../trust/x509/mint/mint.ts");
    const key = await mintKey();
    const anchor = await mintCertificate({
      kind: "authority",
      pathLength: 1,
      subject,
      key,
      notBefore: profiles.beginOf(now),
      notAfter,
    });
    createFiles(
      [
        { path: keyPath, content: keyText(key, passphrase), mode: keyMode },
        { path: certificatePath, content: certificatePem(anchor), mode: certificateMode },
      ],
      world,
    );
    world.stderr.write(`made anchor ${oneLine(anchor)}
  ${certificatePath}: the certificate, for the trust bundle
  ${keyPath}: its key${passphrase === undefined ? "" : ", encrypted"}; keep it offline
`);
    return exitCodes.ok;
  },
};
