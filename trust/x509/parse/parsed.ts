import type { Key } from "../key.ts";
import type { SignatureAlgorithm } from "./algorithms.ts";
import type { Network } from "./ip.ts";

/** A policy constraint: undefined where it is absent. */
export interface Policies {
  ids: readonly string[];
  mappings: readonly { readonly issuer: string; readonly subject: string }[];
  requireExplicit: bigint | undefined;
  inhibitMapping: bigint | undefined;
  inhibitAny: bigint | undefined;
}

export interface Subtrees {
  readonly dns: readonly string[];
  readonly ip: readonly Network[];
  readonly email: readonly string[];
  readonly uri: readonly string[];
}

/** What the extensions say; filled in by extensions.ts. */
export interface Extensions {
  keyUsage: number;
  hasKeyUsage: boolean;
  basicConstraints: { readonly ca: boolean; readonly pathLength: bigint | undefined } | undefined;
  /** The content of the subjectAltName extension, if it is there. */
  san: Uint8Array | undefined;
  dnsNames: readonly string[];
  emails: readonly string[];
  addresses: readonly Uint8Array[];
  uris: readonly { readonly text: string; readonly host: string }[];
  nameConstraints:
    | { readonly critical: boolean; readonly permitted: Subtrees; readonly excluded: Subtrees }
    | undefined;
  extendedKeyUsage: readonly string[] | undefined;
  subjectKeyId: Uint8Array;
  authorityKeyId: Uint8Array;
  policies: Policies;
  unhandledCritical: boolean;
}

/** What verification needs beyond what a Certificate shows. */
export interface Parsed {
  readonly version: number;
  readonly serial: Uint8Array;
  readonly signedBytes: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly rawIssuer: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
  readonly commonName: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly spki: Uint8Array;
  readonly key: Key | undefined;
  readonly extensions: Extensions;
}
