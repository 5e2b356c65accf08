import type { Selector } from "./selector.ts";
import type { TrustSource } from "./trust-sources.ts";

/** An object of cert-manager's or trust-manager's, or a Namespace, as its manifest has it. */
export interface Source {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Nobody has checked its shape. */
  readonly object: unknown;
}

/** cert-manager.io/v1 Certificate, with cert-manager's own defaults. */
export interface CertificateSpec {
  readonly source: Source;
  readonly secretName: string;
  readonly durationMs: number;
  readonly renewBeforeMs: number;
  readonly isCA: boolean;
  readonly algorithm: string;
  readonly size: number;
  /** Undefined where it is left to cert-manager: "Never" before 1.18, "Always" since. */
  readonly rotationPolicy?: string;
  readonly usages: readonly string[];
  readonly commonName: string;
  readonly issuer: { readonly kind: string; readonly name: string };
}

/** cert-manager.io/v1 Issuer or ClusterIssuer. */
export interface IssuerSpec {
  readonly source: Source;
  readonly selfSigned: boolean;
  readonly caSecret?: string;
}

/** trust.cert-manager.io/v1alpha1 Bundle or trust-manager.io/v1alpha2 ClusterBundle. */
export interface BundleSpec {
  readonly source: Source;
  /** Without the public CAs. */
  readonly sources: readonly TrustSource[];
  /** Of the target ConfigMap; undefined where there is no such target. */
  readonly configMapKeys?: readonly string[];
  readonly defaultCAs: boolean;
  readonly selector: Selector;
  /** Where the selector stands: below spec.target. */
  readonly sourcesField: "sources" | "sourceRefs";
}
