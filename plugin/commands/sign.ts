import { Failure } from "../../cluster/failure.ts";
import { certificatePem } from "../../trust/x509/index.ts";
import type { Request } from "../../trust/x509/mint/request.ts";
import { readBlocks } from "../../trust/x509/pem/blocks.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { issueIssuer } from "../material/issue.ts";
import { readSigner } from "../material/keys.ts";
import * as profiles from "../material/profiles.ts";
import { readSources, type Source } from "../material/read.ts";
import { certificateMode, createFiles, insistNew } from "../material/write.ts";
import { oneLine } from "../render/certificate.ts";

export const sign: Command = {
  name: "sign",
  summary: "Signs an issuer's request with an anchor's key",
  help: `Usage: kubectl linkerd-certs sign REQUEST [CERTIFICATE] [--ca FILE --ca-key FILE] [flags]

The other half of the offline ceremony: no cluster and no network is used.
Of the request only the name and the key are taken over; what the certificate
may do is said here. REQUEST is a file or - (standard input); CERTIFICATE is
issuer.crt, or - for standard output.
Compare the key's fingerprint with the one that request issuer printed.

  --ca FILE                the anchor's certificate (ca.crt)
  --ca-key FILE            the anchor's key (ca.key)
  --ca-passphrase-file FILE  where that key's passphrase stands, if it is encrypted (it is asked for)
${profiles.profileHelp("issuer")}${profiles.namesHelp}  --constrain              name constraints: it can sign for names of the trust domain only

${exitCodesHelp({
  ok: "signed",
  failed: "the request or the anchor does not fit, or a file is there already",
  usage: "the flags do not fit",
})}`,
  options: {
    ...profiles.namesOptions,
    ...profiles.profileOptions,
    constrain: { type: "boolean" },
    ca: { type: "string", default: "ca.crt" },
    "ca-key": { type: "string", default: "ca.key" },
    "ca-passphrase-file": { type: "string" },
  },
  takes: [],

  async run(args, world) {
    const [requestPath, certificatePath = "issuer.crt", ...more] = args.positionals;
    if (requestPath === undefined || more.length > 0)
      throw new UsageError("sign takes a request, and perhaps where to write the certificate");
    const now = world.clock();
    const notAfter = profiles.endOf("issuer", args, now);
    const names = profiles.meshNames(args);
    if (certificatePath !== "-") insistNew([certificatePath], world);
    const [source] = await readSources(requestPath, world);
    const request = await openSource(source ?? { name: requestPath, bytes: new Uint8Array() });
    const [ca = "", caKey = ""] = [args.text("ca"), args.text("ca-key")];
    const signer = await readSigner(ca, caKey, args.text("ca-passphrase-file"), world);

    const permittedDomains = args.flag("constrain") ? [names.trustDomain] : [];
    const wish = { subject: request.rawSubject, key: request.key, notAfter, permittedDomains };
    const issuer = await issueIssuer(wish, signer, names, now);
    const content = certificatePem(issuer);
    if (certificatePath === "-") world.stdout.write(content);
    else createFiles([{ path: certificatePath, content, mode: certificateMode }], world);
    world.stderr.write(`signed issuer ${oneLine(issuer)}, with anchor ${oneLine(signer.certificate)}
  key fingerprint ${request.keyFingerprint}; request issuer said the same, if it is the same request
`);
    return exitCodes.ok;
  },
};

async function openSource({ name, bytes }: Source): Promise<Request> {
  const { blocks, damaged } = readBlocks(bytes);
  const pem = blocks.find(({ kind }) => /^(?:NEW )?CERTIFICATE REQUEST$/.test(kind));
  if (pem === undefined && damaged[0] !== undefined)
    throw new Failure(`${name}, line ${damaged[0].line}: ${damaged[0].what}`, "Copy the request again.");
  const { openRequest } = await import("../../trust/x509/mint/request.ts");
  const request = await openRequest(pem?.bytes ?? bytes);
  const place = pem === undefined ? name : `${name}, line ${pem.line}`;
  if ("unreadable" in request)
    throw new Failure(`${place}: ${request.unreadable}`, "Make one with: request issuer.");
  if (request.authority === false) {
    throw new Failure(
      `${place}: the request for "${request.subject}" says that it is no CA`,
      "Make one for an issuer with: request issuer.",
    );
  }
  if (request.commonName === "")
    throw new Failure(`${place}: the request names nobody`, "Make one with: request issuer.");
  return request;
}
