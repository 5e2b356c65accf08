import { type Certificate, openCertificate } from "../../trust/x509/index.ts";
import type { Minted } from "../certificates/index.ts";

/** A certificate as the core reads it; throws where it cannot. */
export function opened({ der }: Pick<Minted, "der">): Certificate {
  const certificate = openCertificate(der);
  if ("unreadable" in certificate) throw new Error(certificate.unreadable);
  return certificate;
}
