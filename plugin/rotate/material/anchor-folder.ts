import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "../../../cluster/failure.ts";
import { certificatePem } from "../../../trust/x509/index.ts";
import type { Signer } from "../../../trust/x509/mint/mint.ts";
import type { Arguments } from "../../command.ts";
import { makeFolder } from "../../material/folder.ts";
import { keyText, newPassphrase, readSigner } from "../../material/keys.ts";
import { beginOf } from "../../material/profiles.ts";
import { certificateMode, createFiles, keyMode } from "../../material/write.ts";
import { oneLine } from "../../render/certificate.ts";
import type { World } from "../../world.ts";

/** An anchor in a folder: the one that is there from a run before, or a new one that is written when all is agreed. */
export interface FolderAnchor {
  readonly signer: Signer;
  readonly says: string;
  /** Writes what is new. What is there is never overwritten. */
  keep(): void;
}

export interface Wanted {
  readonly subject: string;
  readonly notAfter: Date;
}

/** ca.crt and ca.key of the folder. */
export async function anchorInFolder(
  folder: string,
  wanted: Wanted,
  args: Arguments,
  world: World,
): Promise<FolderAnchor> {
  const [certificatePath, keyPath] = [join(folder, "ca.crt"), join(folder, "ca.key")];
  const [certificateIs, keyIs] = [certificatePath, keyPath].map((path) =>
    existsSync(resolve(world.cwd, path)),
  );
  if (certificateIs !== keyIs)
    throw new Failure(
      `${folder} holds ${certificateIs ? "ca.crt without ca.key" : "ca.key without ca.crt"}`,
      "Name another folder, or complete this one.",
    );
  if (certificateIs) {
    const passphraseFile = args.text("ca-passphrase-file") ?? args.text("passphrase-file");
    const signer = await readSigner(certificatePath, keyPath, passphraseFile, world);
    return {
      signer,
      says: `anchor ${oneLine(signer.certificate)}, which is in ${folder} already`,
      keep() {},
    };
  }
  const passphrase = await newPassphrase(args, world);
  const { mintCertificate, mintKey } = await import("../../../trust/x509/mint/mint.ts");
  const key = await mintKey();
  const notBefore = beginOf(world.clock());
  const certificate = await mintCertificate({ kind: "authority", pathLength: 1, key, notBefore, ...wanted });
  return {
    signer: { certificate, key },
    says: `a new anchor ${oneLine(certificate)}, to be written to ${folder}`,
    keep() {
      makeFolder(folder, world, 0o700);
      createFiles(
        [
          { path: keyPath, content: keyText(key, passphrase), mode: keyMode },
          { path: certificatePath, content: certificatePem(certificate), mode: certificateMode },
        ],
        world,
      );
      world.stderr.write(
        `wrote ${certificatePath} and ${keyPath}; the key belongs offline once this is done\n`,
      );
    },
  };
}
