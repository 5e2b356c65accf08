import { moment, named } from "../../trust/words.ts";
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

/** How long until then, or since: "in 3 years", "12 days ago". */
export function distance(date: Date, now: Date): string {
  const ms = date.getTime() - now.getTime();
  const [amount, unit] = largest(Math.abs(ms));
  const text = `${amount} ${unit}${amount === 1 ? "" : "s"}`;
  return ms >= 0 ? `in ${text}` : `${text} ago`;
}

function largest(ms: number): [amount: number, unit: string] {
  const minutes = ms / 60_000;
  if (minutes < 120) return [Math.floor(minutes), "minute"];
  if (minutes < 48 * 60) return [Math.floor(minutes / 60), "hour"];
  const days = Math.floor(minutes / 60 / 24);
  return days < 730 ? [days, "day"] : [Math.floor(days / 365), "year"];
}
