import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import type { IssuerMaterial } from "../../../cluster/rotation/perform/context.ts";
import { named } from "../../../trust/naming.ts";
import { type Certificate, certificatePem } from "../../../trust/x509/index.ts";
import type { Signer } from "../../../trust/x509/mint/mint.ts";
import { issueIssuer } from "../../material/issue.ts";
import { keyText, readSigner } from "../../material/keys.ts";
import { openMaterial } from "../../material/open.ts";
import type { MeshNames } from "../../material/profiles.ts";
import { readFile } from "../../material/read.ts";
import type { World } from "../../world.ts";

/** Where the new issuer comes from. Its key is held here until its step comes, and given to nobody but the Secret. */
export interface IssuerSource {
  /** For the plan: 'issuer "…" (…)'. */
  readonly says: string;
  /** The anchor that signs it, or signed it, where that is known. */
  readonly anchor?: Certificate;
  /** Known before its time where it is not made then. */
  readonly ready?: { readonly certificate: Certificate; readonly intermediates: readonly Certificate[] };
  /** For a mesh of these names. Throws a Failure where no issuer that Linkerd takes can be made. */
  make(names: MeshNames, now: Date): Promise<IssuerMaterial>;
}

/** An issuer that is in files: its certificate, with what stands above it, and its key. */
export async function issuerInFiles(
  certificatePath: string,
  keyPath: string,
  passphraseFile: string | undefined,
  world: World,
): Promise<IssuerSource> {
  const { certificate, key } = await readSigner(certificatePath, keyPath, passphraseFile, world);
  const { found } = openMaterial(await readFile(certificatePath, resolve(world.cwd, certificatePath)));
  const intermediates = found
    .map((one) => one.certificate)
    .filter(({ fingerprint }) => fingerprint !== certificate.fingerprint);
  return {
    says: `issuer ${named(certificate)} of ${certificatePath}`,
    ready: { certificate, intermediates },
    async make() {
      return material([certificate, ...intermediates], key);
    },
  };
}

/** An issuer that the anchor signs when its time has come: another one for every cluster, and no file. */
export function issuerToSign(signer: Signer, notAfter: (now: Date) => Date): IssuerSource {
  const anchor = signer.certificate;
  return {
    says: `a new issuer, signed by ${named(anchor)} when its time has come`,
    anchor,
    async make(names, now) {
      const { mintKey } = await import("../../../trust/x509/mint/mint.ts");
      const key = await mintKey();
      const wish = { subject: names.issuer, key, notAfter: notAfter(now) };
      return material([await issueIssuer(wish, signer, names, now)], key);
    },
  };
}

function material(chain: readonly Certificate[], key: KeyObject): IssuerMaterial {
  return { chainPem: chain.map(certificatePem).join(""), keyPem: keyText(key, undefined) };
}
