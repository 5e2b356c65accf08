import type { X509Certificate } from "node:crypto";
import { fingerprintOf, type Keyed, openBundle, openKeyed, signs, validAt } from "./keyed.ts";

/** What the Secret holds, so far as it can be used. */
export interface ServingState {
  /** Signs the leaf. */
  readonly authority: Keyed;
  /** Undefined where it must be signed anew. */
  readonly leaf?: Keyed;
  /** Published already, and will sign the leaf once the API servers know it. */
  readonly next?: Keyed;
  /** Authorities before this one that are valid still. */
  readonly former: readonly X509Certificate[];
}

/** A Secret's data, decoded. */
export type SecretData = Readonly<Record<string, string>>;

/** Reads the Secret; where its authority cannot be used, the reason instead. Whatever else is wrong is left out. */
export function openState(data: SecretData, names: readonly string[], now: Date): ServingState | string {
  const [authority, wrong] = openAuthority(data, "ca", now);
  if (authority === undefined) return Object.keys(data).length === 0 ? "it is empty" : wrong;
  const leaf = openLeaf(data, authority, names, now);
  const [next] = openAuthority(data, "next-ca", now);
  return {
    authority,
    ...(leaf === undefined ? {} : { leaf }),
    ...(next === undefined ? {} : { next }),
    former: openBundle(data["former-ca.crt"] ?? "").certificates.filter(
      (x509) => x509.ca && validAt(x509, now),
    ),
  };
}

/** The Secret's data for a state. */
export function writeState({ authority, leaf, next, former }: ServingState): SecretData {
  return {
    "ca.crt": authority.certificate,
    "ca.key": authority.key,
    ...(leaf === undefined ? {} : { "tls.crt": leaf.certificate, "tls.key": leaf.key }),
    ...(next === undefined ? {} : { "next-ca.crt": next.certificate, "next-ca.key": next.key }),
    ...(former.length === 0 ? {} : { "former-ca.crt": bundleOf(former) }),
  };
}

/** All that the API servers should trust for this state. */
export function trusted({ authority, next, former }: ServingState): readonly X509Certificate[] {
  return unique([...former, authority.x509, ...(next === undefined ? [] : [next.x509])]);
}

export const bundleOf = (certificates: readonly X509Certificate[]): string => certificates.join("");

export function unique(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  return [...new Map(certificates.map((x509) => [fingerprintOf(x509), x509])).values()];
}

function openAuthority(data: SecretData, name: string, now: Date): [Keyed | undefined, string] {
  try {
    const keyed = openKeyed({ certificate: data[`${name}.crt`] ?? "", key: data[`${name}.key`] ?? "" });
    const { x509 } = keyed;
    if (!x509.ca) return [undefined, "the authority is no CA"];
    if (!validAt(x509, now)) return [undefined, "the authority has expired or is not valid yet"];
    const { asymmetricKeyDetails } = x509.publicKey;
    if (asymmetricKeyDetails?.namedCurve !== "prime256v1")
      return [undefined, "the authority's key is not P-256"];
    return [keyed, ""];
  } catch (error) {
    return [undefined, `of the authority, ${error instanceof Error ? error.message : error}`];
  }
}

function openLeaf(
  data: SecretData,
  authority: Keyed,
  names: readonly string[],
  now: Date,
): Keyed | undefined {
  try {
    const keyed = openKeyed({ certificate: data["tls.crt"] ?? "", key: data["tls.key"] ?? "" });
    const named = names.every((name) => keyed.x509.checkHost(name, { subject: "never" }) !== undefined);
    return named && validAt(keyed.x509, now) && signs(authority.x509, keyed.x509) ? keyed : undefined;
  } catch {
    return undefined;
  }
}
