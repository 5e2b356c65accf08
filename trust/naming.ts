import type { Certificate } from "./x509/index.ts";

/** How a certificate is called in every message: `"root.linkerd.cluster.local" (3f9a1c02)`. */
export function named(certificate: Certificate): string {
  return `"${certificate.name}" (${certificate.fingerprint.slice(0, 8)})`;
}

/** A moment in messages: absolute, to the second, so that every retry reads the same. */
export function moment(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** "a, b, c and 4 more": the first three of a sorted list. */
export function few(names: readonly string[]): string {
  if (names.length <= 3) return names.join(", ");
  return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
