import { resolve } from "node:path";
import { Failure } from "../../../cluster/failure.ts";
import { distinct } from "../../../trust/judgements.ts";
import { named } from "../../../trust/naming.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import type { Signer } from "../../../trust/x509/mint/mint.ts";
import { type Arguments, UsageError } from "../../command.ts";
import { readSigner } from "../../material/keys.ts";
import { openMaterial } from "../../material/open.ts";
import type { MeshNames } from "../../material/profiles.ts";
import { readFile } from "../../material/read.ts";
import { parseUntil } from "../../material/until.ts";
import type { World } from "../../world.ts";
import { anchorInFolder } from "./anchor-folder.ts";
import { type IssuerSource, issuerInFiles, issuerToSign } from "./issuer-source.ts";

/** What the words bring to a rotation. */
export interface Material {
  /** The anchors that the mesh is to trust; empty where the words name none. */
  readonly incoming: readonly Certificate[];
  readonly issuer?: IssuerSource;
  /** For the plan, a line each. */
  readonly says: readonly string[];
  /** Writes the files that are to be made, once all is agreed. */
  keep(): void;
}

/** Reads what the words name; the names are for what is made. Throws a Failure or a UsageError where it does not fit. */
export async function materialIn(args: Arguments, names: MeshNames, world: World): Promise<Material> {
  insistSense(args);
  const folder = args.text("create");
  if (folder !== undefined) {
    const notAfter = parseUntil("--anchor-not-after", args.text("anchor-not-after") ?? "10y", world.clock());
    const made = await anchorInFolder(folder, { subject: names.anchor, notAfter }, args, world);
    const issuer = issuerToSign(made.signer, endOfIssuer(args, made.signer.certificate));
    return {
      incoming: [made.signer.certificate],
      issuer,
      says: [made.says, issuer.says],
      keep: () => made.keep(),
    };
  }
  const paths = args.texts("anchor");
  const incoming = distinct((await Promise.all(paths.map((path) => anchorsIn(path, world)))).flat());
  const issuer = await issuerIn(args, world);
  if (issuer?.anchor !== undefined && incoming.length > 0) insistSigner(issuer.anchor, incoming);
  const says = [
    ...incoming.map((anchor) => `anchor ${named(anchor)}`),
    ...(issuer === undefined ? [] : [issuer.says]),
  ];
  return { incoming, says, keep() {}, ...(issuer === undefined ? {} : { issuer }) };
}

function insistSense(args: Arguments): void {
  const has = (name: string) => args.text(name) !== undefined;
  const together = (one: string, other: string) => {
    if (has(one) !== has(other) && has(one)) throw new UsageError(`--${one} needs --${other}`);
  };
  together("issuer", "issuer-key");
  together("issuer-key", "issuer");
  together("ca", "ca-key");
  if (has("issuer") && has("ca-key"))
    throw new UsageError("--issuer brings an issuer and --ca-key signs one: only one of them");
  if (has("create") && ["anchor", "issuer", "ca-key"].some((name) => args.texts(name).length > 0))
    throw new UsageError("--create makes the anchor and signs the issuer: name no others");
  if (has("issuer-not-after") && has("issuer"))
    throw new UsageError("--issuer-not-after is for an issuer that is signed here");
}

async function issuerIn(args: Arguments, world: World): Promise<IssuerSource | undefined> {
  const passphraseFile = args.text("ca-passphrase-file");
  const [issuer, issuerKey, key] = [args.text("issuer"), args.text("issuer-key"), args.text("ca-key")];
  if (issuer !== undefined && issuerKey !== undefined)
    return issuerInFiles(issuer, issuerKey, passphraseFile, world);
  if (key === undefined) return undefined;
  const [only, ...more] = args.texts("anchor");
  const certificate = args.text("ca") ?? (more.length === 0 ? only : undefined);
  if (certificate === undefined)
    throw new UsageError("--ca-key needs the anchor that it belongs to: --ca FILE");
  const signer: Signer = await readSigner(certificate, key, passphraseFile, world);
  return issuerToSign(signer, endOfIssuer(args, signer.certificate));
}

/** A year, unless its anchor ends before that. */
function endOfIssuer(args: Arguments, anchor: Certificate): (now: Date) => Date {
  const asked = args.text("issuer-not-after");
  return (now) => {
    const end = parseUntil("--issuer-not-after", asked ?? "1y", now);
    return asked === undefined && end > anchor.notAfter ? anchor.notAfter : end;
  };
}

async function anchorsIn(path: string, world: World): Promise<readonly Certificate[]> {
  const { found, unreadable } = openMaterial(await readFile(path, resolve(world.cwd, path)));
  const [bad] = unreadable;
  if (bad !== undefined)
    throw new Failure(`${path}, line ${bad.line}: ${bad.what}`, "Mend the file, or name another.");
  if (found.length === 0)
    throw new Failure(`${path} holds no certificate`, "Name the file of the new anchor.");
  return found.map(({ certificate }) => certificate);
}

function insistSigner(anchor: Certificate, incoming: readonly Certificate[]): void {
  if (incoming.some(({ fingerprint }) => fingerprint === anchor.fingerprint)) return;
  throw new Failure(
    `--ca-key belongs to ${named(anchor)}, which is none of the anchors named with --anchor`,
    "Name the key of the new anchor.",
  );
}
