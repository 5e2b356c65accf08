import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { openCertificate } from "../../trust/x509/index.ts";
import { mintCertificate, mintKey, type Signer } from "../../trust/x509/mint/mint.ts";
import type { Credentials } from "./certificate.ts";

export interface Minting {
  readonly now: Date;
  readonly lifetimeMs: number;
}

/** Every authority of ours is called this and a few hexadecimal digits of its own. */
export const authorityName = "linkerd-certs serving CA";

/** Makes an authority for serving certificates and nothing else: P-256, path length 0. */
export async function mintAuthority(minting: Minting): Promise<Credentials> {
  const key = await mintKey();
  const subject = `${authorityName} ${randomBytes(4).toString("hex")}`;
  const minted = await mintCertificate({
    kind: "authority",
    pathLength: 0,
    subject,
    key,
    ...validity(minting),
  });
  return written(minted, key);
}

/** Makes a server's certificate for the names, which ends no later than its authority. */
export async function mintLeaf(
  authority: Credentials,
  dnsNames: readonly string[],
  { now, lifetimeMs }: Minting,
): Promise<Credentials> {
  const signer = signerOf(authority);
  const left = signer.certificate.notAfter.getTime() - now.getTime();
  const key = await mintKey();
  const minted = await mintCertificate(
    {
      kind: "leaf",
      dnsNames,
      usages: ["serverAuth"],
      subject: "linkerd-certs webhook",
      key,
      ...validity({ now, lifetimeMs: Math.min(lifetimeMs, left) }),
    },
    signer,
  );
  return written(minted, key);
}

const hourMs = 3_600_000;

/** Backdated, because the API server's clock may be behind ours. */
function validity({ now, lifetimeMs }: Minting): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - Math.min(hourMs, lifetimeMs / 10)),
    notAfter: new Date(now.getTime() + lifetimeMs),
  };
}

function signerOf({ certificate: pem, key }: Credentials): Signer {
  const certificate = openCertificate(new X509Certificate(pem).raw);
  if ("unreadable" in certificate) throw new Error(`the authority is unreadable: ${certificate.unreadable}`);
  return { certificate, key: createPrivateKey(key) };
}

function written({ der }: { readonly der: Uint8Array }, key: KeyObject): Credentials {
  return {
    certificate: new X509Certificate(der).toString(),
    key: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}
