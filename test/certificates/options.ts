import type { TimeType } from "./der.ts";
import type { KeyKind, KeyPair } from "./keys.ts";
import type { Algorithm } from "./signatures.ts";

/** The moment all tests live in. */
export const now = new Date("2026-06-01T12:00:00Z");
export const second = 1000;
export const hour = 3600 * second;
export const day = 24 * hour;
export const year = 365 * day;

/** The moment this many milliseconds after `now` (or before, when negative). */
export const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

/** How one names another: a DNS name, an address or range, … or a GeneralName's own bytes. */
export type GeneralName =
  | `dns:${string}`
  | `ip:${string}`
  | `email:${string}`
  | `uri:${string}`
  | `dir:${string}`
  | Buffer;

export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign";

export type ExtKeyUsage =
  | "any"
  | "serverAuth"
  | "clientAuth"
  | "codeSigning"
  | "emailProtection"
  | "OCSPSigning";

/** What a certificate says. Every option has a sound default for its kind; `false` leaves the thing out. */
export interface Options {
  /** The common name. */
  name: string;
  /** The whole subject, instead of the common name: text becomes a CN, bytes are taken as they are. */
  subject: string | Buffer;
  /** The name written as the issuer's, whoever really signs. */
  issuerName: string | Buffer;
  notBefore: Date;
  notAfter: Date;
  timeType: TimeType;
  /** The value, or an INTEGER's very content. */
  serial: bigint | number | Buffer;
  version: 1 | 2 | 3 | 4;
  key: KeyPair;
  keyKind: KeyKind;
  /** Who really signs, if not the parent's key. */
  signer: KeyPair;
  algorithm: Algorithm;
  /** What the signed part claims the algorithm to be, if not the truth. */
  innerAlgorithm: Algorithm | Buffer;
  /** What the envelope claims the algorithm to be, if not the truth. */
  outerAlgorithm: Algorithm | Buffer;
  flipSignature: boolean;
  /** Writes the signature otherwise. */
  rewriteSignature: (signature: Buffer) => Buffer;
  basicConstraints:
    | false
    | { readonly ca: boolean; readonly pathLength?: number; readonly critical?: boolean };
  keyUsage: false | readonly KeyUsage[];
  keyUsageCritical: boolean;
  extKeyUsage: false | readonly (ExtKeyUsage | `${number}.${string}`)[];
  nameConstraints:
    | false
    | {
        readonly permitted?: readonly GeneralName[];
        readonly excluded?: readonly GeneralName[];
        readonly critical?: boolean;
      };
  sans: readonly GeneralName[];
  subjectKeyId: false | Buffer;
  authorityKeyId: false | Buffer;
  unknownCritical: boolean;
  /** Writes the first extension twice. */
  duplicateExtension: boolean;
  /** Whole elements to put between the key and the extensions. */
  uniqueIds: readonly Buffer[];
  /** Whole Extension elements to add, as they are. */
  extensions: readonly Buffer[];
  /** Changes the signed part just before it is signed. */
  tamper: (body: Buffer) => Buffer;
}

export type Spoil = Partial<Options>;
