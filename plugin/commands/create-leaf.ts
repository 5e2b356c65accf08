import { Failure } from "../../cluster/failure.ts";
import { moment, named } from "../../trust/naming.ts";
import { type Certificate, certificatePem } from "../../trust/x509/index.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { keyText, newPassphrase, readSigner } from "../material/keys.ts";
import * as profiles from "../material/profiles.ts";
import { certificateMode, createFiles, insistNew, keyMode } from "../material/write.ts";
import { oneLine } from "../render/certificate.ts";

export const createLeaf: Command = {
  name: "create leaf",
  summary: "Makes a leaf and its key, signed by an issuer, in files",
  help: `Usage: kubectl linkerd-certs create leaf [CERTIFICATE [KEY]] [flags]

Makes what identity makes for a proxy, for trying out an issuer: leaf.crt and
leaf.key where no names are given. Files that are there already are never
overwritten. A leaf ends with its issuer, if not before.

  --ca FILE                the issuer's certificate (issuer.crt)
  --ca-key FILE            the issuer's key (issuer.key)
  --ca-passphrase-file FILE  where that key's passphrase stands, if it is encrypted (it is asked for)
  --service-account NAME   whose leaf it is (default)
  -n, --namespace NAME     the service account's (default)
  --dns-name NAME          another name instead (what identity would write); may be repeated
${profiles.profileHelp("leaf")}${profiles.namesHelp}${profiles.passphraseHelp}
${exitCodesHelp({ ok: "made", failed: "the issuer does not fit, or a file is there already", usage: "the flags do not fit" })}`,
  options: {
    ...profiles.namesOptions,
    ...profiles.profileOptions,
    ...profiles.passphraseOptions,
    "service-account": { type: "string", default: "default" },
    namespace: { type: "string", short: "n", default: "default" },
    "dns-name": { type: "string", multiple: true },
    ca: { type: "string", default: "issuer.crt" },
    "ca-key": { type: "string", default: "issuer.key" },
    "ca-passphrase-file": { type: "string" },
  },
  takes: [],

  async run(args, world) {
    const [certificatePath = "", keyPath = ""] = profiles.fileNames(args, ["leaf.crt", "leaf.key"]);
    const now = world.clock();
    const asked = profiles.endOf("leaf", args, now);
    const own = profiles
      .meshNames(args)
      .leaf(args.text("service-account") ?? "", args.text("namespace") ?? "");
    const given = args.texts("dns-name").map((name) => profiles.dnsName("--dns-name", name));
    const dnsNames = given.length > 0 ? given : [profiles.dnsName("--service-account", own)];
    const [subject = ""] = dnsNames;
    insistNew([certificatePath, keyPath], world);
    const [ca = "", caKey = ""] = [args.text("ca"), args.text("ca-key")];
    const signer = await readSigner(ca, caKey, args.text("ca-passphrase-file"), world);
    insistIssuer(signer.certificate, now);
    const notAfter = asked < signer.certificate.notAfter ? asked : signer.certificate.notAfter;
    if (notAfter < asked && args.text("not-after") !== undefined)
      throw new UsageError(`--not-after: issuer ${named(signer.certificate)} ends at ${moment(notAfter)}`);
    const passphrase = await newPassphrase(args, world);

    const { mintCertificate, mintKey } = await import("../../trust/x509/mint/mint.ts");
    const key = await mintKey();
    const leaf = await mintCertificate(
      {
        kind: "leaf",
        // A common name holds 64 characters; nobody who verifies it reads it.
        subject: subject.slice(0, 64),
        dnsNames,
        usages: ["serverAuth", "clientAuth"],
        key,
        notBefore: profiles.beginOf(now, signer.certificate.notBefore),
        notAfter,
      },
      signer,
    );
    createFiles(
      [
        { path: keyPath, content: keyText(key, passphrase), mode: keyMode },
        { path: certificatePath, content: certificatePem(leaf), mode: certificateMode },
      ],
      world,
    );
    world.stderr.write(`made leaf ${oneLine(leaf)}, signed by ${named(signer.certificate)}
  ${certificatePath}: the certificate
  ${keyPath}: its key${passphrase === undefined ? "" : ", encrypted"}
`);
    return exitCodes.ok;
  },
};

function insistIssuer(issuer: Certificate, now: Date): void {
  const hint = "Use another issuer, or make one with: create issuer.";
  if (issuer.basicConstraints?.ca !== true)
    throw new Failure(`${named(issuer)} is no CA and signs nothing`, hint);
  if (issuer.notAfter < now)
    throw new Failure(`issuer ${named(issuer)} expired at ${moment(issuer.notAfter)}`, hint);
}
