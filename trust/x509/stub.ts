import type { BundleReading, Certificate, CredentialsReading, Unreadable, Verification } from "./types.ts";

const soon: () => never = () => {
  throw new Error("being written");
};

export function openCertificate(_der: Uint8Array): Certificate | Unreadable {
  return soon();
}
export function readBundle(_text: Uint8Array | string): BundleReading {
  return soon();
}
export function readCredentials(
  _chainPem: Uint8Array | string,
  _keyPem: Uint8Array | string,
): CredentialsReading {
  return soon();
}
export function verifyAsIdentity(
  _certificate: Certificate,
  _intermediates: readonly Certificate[],
  _anchors: readonly Certificate[],
  _now: Date,
): Verification {
  return soon();
}
export function verifyLeafAsProxy(
  _leaf: Certificate,
  _intermediates: readonly Certificate[],
  _anchors: readonly Certificate[],
  _now: Date,
  _usage: "server" | "client",
): Verification {
  return soon();
}
export function verifyIssuerAsProxy(
  _chain: readonly Certificate[],
  _anchors: readonly Certificate[],
  _now: Date,
  _leafNames: readonly string[],
): Verification {
  return soon();
}
export function findPrivateKeys(_text: string | Uint8Array): readonly string[] {
  return soon();
}
