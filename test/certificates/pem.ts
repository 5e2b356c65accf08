import { createPrivateKey } from "node:crypto";
import { oid } from "./der.ts";
import type { KeyPair } from "./keys.ts";

export function pemBlock(
  type: string,
  der: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const body = head.length > 0 ? [...head, "", ...lines] : lines;
  return [`-----BEGIN ${type}-----`, ...body, `-----END ${type}-----`, ""].join("\n");
}

export const bundle = (...certificates: readonly { readonly pem: string }[]): string =>
  certificates.map(({ pem }) => pem).join("");

/** What `openssl ecparam -genkey` writes before the key, and what Linkerd stumbles over. */
export const ecParameters = (): string => pemBlock("EC PARAMETERS", oid("1.2.840.10045.3.1.7"));

/** PKCS#8 under a passphrase: `ENCRYPTED PRIVATE KEY`. */
export const encryptedPkcs8 = (key: KeyPair, passphrase = "secret"): string =>
  key.private.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase }) as string;

/** The older kind of encryption, with `Proc-Type` and `DEK-Info` headers inside the block. */
export function encryptedTraditional(key: KeyPair, passphrase = "secret"): string {
  const type = key.kind.startsWith("RSA") ? "pkcs1" : "sec1";
  return createPrivateKey(key.pem).export({
    format: "pem",
    type,
    cipher: "aes-128-cbc",
    passphrase,
  }) as string;
}
