import { moment, named } from "../../trust/naming.ts";
import type { Certificate } from "../../trust/x509/index.ts";

/** "ECDSA P-256", "RSA 2048". */
export function keyName({ key }: Certificate): string {
  return `${key.algorithm === "other" ? "unknown" : key.algorithm} ${key.curve ?? key.bits ?? ""}`.trim();
}

/** In one line what somebody has made. */
export function oneLine(certificate: Certificate): string {
  return `${named(certificate)} until ${moment(certificate.notAfter)}, ${keyName(certificate)}`;
}

/** "CA, path length 1"; "no CA". */
export function constraintsOf({ basicConstraints, version }: Certificate): string {
  if (basicConstraints === undefined) return version === 1 ? "none: version 1" : "no CA";
  if (!basicConstraints.ca) return "no CA";
  return basicConstraints.pathLength === undefined ? "CA" : `CA, path length ${basicConstraints.pathLength}`;
}
