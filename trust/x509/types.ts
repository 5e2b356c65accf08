/** SHA-256 of the DER, lower-case hex. */
export type Fingerprint = string;

/** What Go's parser gets out of a certificate, and what webpki makes of it. */
export interface Certificate {
  readonly fingerprint: Fingerprint;
  readonly der: Uint8Array;
  /** Subject CN, else the whole subject, else the short fingerprint; safe to print. */
  readonly name: string;
  /** RFC 4514 text. */
  readonly subject: string;
  readonly issuer: string;
  readonly rawSubject: Uint8Array;
  readonly rawIssuer: Uint8Array;
  /** Hex, without leading zeros. */
  readonly serial: string;
  readonly version: 1 | 2 | 3;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  readonly keyFingerprint: Fingerprint;
  readonly key: PublicKey;
  /** Go's names: "ECDSA-SHA256", "SHA256-RSA", … "unknown". */
  readonly signatureAlgorithm: string;
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: readonly string[];
  /** "serverAuth", "clientAuth", "any", … or the dotted OID. */
  readonly extendedKeyUsage?: readonly string[];
  readonly nameConstraints?: NameConstraints;
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  /** Hex. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  /** Why webpki cannot read it as a trust anchor. */
  readonly refusedByProxy?: string;
  /** Why webpki cannot read it as a leaf or intermediate. */
  readonly refusedByProxyInChain?: string;
}

export interface PublicKey {
  readonly algorithm: "ECDSA" | "RSA" | "Ed25519" | "other";
  readonly curve?: "P-224" | "P-256" | "P-384" | "P-521";
  readonly bits?: number;
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: ConstrainedNames;
  readonly excluded: ConstrainedNames;
}

export interface ConstrainedNames {
  readonly dns: readonly string[];
  /** Address/prefix length. */
  readonly ip: readonly string[];
  readonly email: readonly string[];
  readonly uri: readonly string[];
}

/** Go's parser refuses the bytes; the reason holds none of them. */
export interface Unreadable {
  readonly unreadable: string;
}

/** What a reader passes over silently. */
export interface Dropped {
  readonly line: number;
  readonly what: string;
}

/** One text of anchors, as both of its readers see it. */
export interface BundleReading {
  /** What identity loads, in order, duplicates kept. */
  readonly anchors: readonly Certificate[];
  /** Why identity, and the proxies' entrypoint, would not start on it. */
  readonly refused?: string;
  readonly dropped: readonly Dropped[];
  readonly proxy: ProxyBundleReading;
  /** CRLF, text between blocks, trailing spaces, PEM headers. */
  readonly untidy: readonly string[];
}

export interface ProxyBundleReading {
  readonly anchors: readonly Fingerprint[];
  readonly skipped: number;
  readonly refused?: string;
}

/** The issuer's certificate chain and what became of its key. */
export interface CredentialsReading {
  readonly chain: readonly Certificate[];
  readonly chainRefused?: string;
  readonly dropped: readonly Dropped[];
  readonly key: "matches" | "differs" | "unreadable";
  readonly keyRefused?: string;
  readonly keyAlgorithm?: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly reason?: string;
  readonly chains: readonly (readonly Certificate[])[];
}
