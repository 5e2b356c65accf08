import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Credentials, Served } from "./certificate.ts";

/** Credentials that were opened: the certificate parses, and the key is its key. */
export interface Keyed extends Credentials {
  readonly x509: X509Certificate;
}

/** Opens a certificate (the first of a chain) and its key, or throws saying what is wrong, in words without content. */
export function openKeyed({ certificate, key }: Credentials): Keyed {
  const x509 = attempt("the certificate cannot be read", () => new X509Certificate(certificate));
  const privateKey = attempt("the key cannot be read", () => createPrivateKey(key));
  if (!x509.checkPrivateKey(privateKey)) throw new Error("the key is not the certificate's");
  return { certificate, key, x509 };
}

/** The certificates of a bundle, and whether that was all there was in it. */
export function openBundle(pem: string): {
  readonly certificates: readonly X509Certificate[];
  readonly clean: boolean;
} {
  const certificates: X509Certificate[] = [];
  let clean = true;
  const rest = pem.replace(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g, (block) => {
    try {
      certificates.push(new X509Certificate(block));
    } catch {
      clean = false;
    }
    return "";
  });
  return { certificates, clean: clean && rest.trim() === "" };
}

export const validAt = (x509: X509Certificate, now: Date): boolean =>
  x509.validFromDate <= now && now < x509.validToDate;

/** In the last third of its life, when it is time for another one. */
export function dueAt({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  const life = validToDate.getTime() - validFromDate.getTime();
  return now.getTime() >= validFromDate.getTime() + (life * 2) / 3;
}

export const signs = (authority: X509Certificate, leaf: X509Certificate): boolean =>
  leaf.checkIssued(authority) && leaf.verify(authority.publicKey);

export const servedOf = ({ x509 }: Keyed): Served => ({
  notAfter: x509.validToDate,
  fingerprint: fingerprintOf(x509),
});

/** As everywhere in this project: SHA-256 of the DER, lower-case hexadecimal. */
export const fingerprintOf = (x509: X509Certificate): string =>
  x509.fingerprint256.replaceAll(":", "").toLowerCase();

function attempt<T>(failed: string, open: () => T): T {
  try {
    return open();
  } catch {
    // OpenSSL's own words help nobody, and a cause could quote the text.
    throw new Error(failed);
  }
}
