import type { Override } from "./override.ts";
import type { BundleReading, Certificate, CredentialsReading, Verification } from "./x509/index.ts";

/**
 * What is known of a mesh's trust at one moment. Facts are gathered once and
 * judged by pure rules. A fact that is undefined was not looked for or could
 * not be seen; a rule that needs it is "not asked". Something looked for and
 * not there is a fact too (`present: false`).
 */
export interface Facts {
  readonly now: Date;
  /** Linkerd's own namespace. */
  readonly namespace: string;
  readonly thresholds: Thresholds;
  /** The namespace is being deleted, so nothing in it is worth keeping. */
  readonly terminating: boolean;
  /** ConfigMap linkerd-identity-trust-roots, as the object it is. */
  readonly trustRoots?: TrustRoots;
  /** What identity loads from it. Undefined where identity would refuse the text. */
  readonly bundle?: TrustBundle;
  /** Secret linkerd-identity-issuer, as the object it is. Never its key. */
  readonly issuerSecret?: IssuerSecret;
  /** What identity loads from it. Undefined where no certificate can be read. */
  readonly issuer?: Issuer;
  /** What the next `linkerd upgrade` or `helm upgrade` would write. */
  readonly install?: InstallConfig;
  readonly mesh?: MeshView;
  /** Which issuers signed the leaves that proxies hold now. */
  readonly issuance?: Issuance;
  /** The facts before the write that is being judged; undefined when a state is judged. */
  readonly previous?: Facts;
}

export interface Thresholds {
  /** "Soon" is when less than this share of the lifetime is left … */
  readonly remainingShare: number;
  /** … but never earlier than this many days before the end. */
  readonly ceilingDays: number;
}

export interface TrustRoots {
  readonly present: boolean;
  /** What data["ca-bundle.crt"] measures; undefined where the key is missing. The text itself may hold a key. */
  readonly text?: { readonly blank: boolean /** Without surrounding white space. */; readonly bytes: number };
  /** The key stands under binaryData, where the proxies' environment cannot read it. */
  readonly inBinaryData: boolean;
  readonly reading?: BundleReading;
  /** Where private keys stand in the object: 'data["ca-bundle.crt"]', 'an EC private key on line 12'. */
  readonly privateKeys: readonly { readonly place: string; readonly what: string }[];
  /** When the bundle was last written, as the API server records it; undefined where it does not. */
  readonly changedAt?: Date;
  /** It was last written as the object was made, so whoever read it since has read this. */
  readonly asMade?: true;
  /** Nobody can ever change it again. */
  readonly immutable?: true;
  readonly override?: Override;
}

export interface TrustBundle {
  readonly anchors: readonly Certificate[];
}

export type Scheme = "linkerd.io/tls" | "kubernetes.io/tls";

export interface IssuerSecret {
  readonly present: boolean;
  /** The data keys that hold something, sorted. */
  readonly keys: readonly string[];
  /** What each layout's certificate and key read as; a layout without a certificate is left out. */
  readonly readings: { readonly [S in Scheme]?: CredentialsReading };
  /** The layout that is judged: the one identity reads if it is there, else the one that is there. */
  readonly scheme?: Scheme;
  /** The layout that the installed identity reads, where that is known. */
  readonly expectedScheme?: Scheme;
  /** The anchors under ca.crt, where the Secret has it. */
  readonly caCrt?: BundleReading;
  readonly changedAt?: Date;
  /** It was last written as the object was made, so whoever read it since has read this. */
  readonly asMade?: true;
  readonly immutable?: true;
  readonly override?: Override;
}

export interface Issuer {
  readonly certificate: Certificate;
  /** The rest of the chain in the Secret: sent along with every leaf. */
  readonly intermediates: readonly Certificate[];
  readonly key: CredentialsReading["key"];
  /** Would identity load it with the bundle? Undefined without a bundle. */
  readonly byIdentity?: Verification;
  /** Would a proxy that holds the bundle accept its leaves? Undefined without a bundle. */
  readonly byProxies?: Verification;
  /** As byProxies, for leaves that carry the mesh's names. Undefined without a trust domain. */
  readonly byProxiesNamed?: Verification;
}

export interface InstallConfig {
  /** The anchors of linkerd-config; undefined where they come from outside (externalCA). */
  readonly anchors?: BundleReading;
  readonly trustDomain?: string;
  readonly scheme?: Scheme;
}

export interface MeshView {
  /** Running identity controllers; undefined where none runs. */
  readonly identity?: IdentityView;
  /** Proxies of the control plane, which read the bundle when their container starts. */
  readonly controlPlane: readonly ControlPlaneProxy[];
  /** The bundles that running injected proxies hold, each with who holds it. */
  readonly held: readonly HeldBundle[];
  /** Running proxies outside the control plane. */
  readonly proxies: number;
  /** When the proxy started that has run longest, and whose it is. */
  readonly oldest?: { readonly startedAt: Date; readonly workload: string };
}

export interface IdentityView {
  /** When the oldest one's pod was made: what it mounts is no older. */
  readonly createdAt: Date;
  readonly trustDomain?: string;
  readonly scheme?: Scheme;
  /** How long a leaf lives, clock skew allowance included, in milliseconds. */
  readonly lifetimeMs: number;
}

export interface ControlPlaneProxy {
  /** For example "deploy/linkerd-destination". */
  readonly workload: string;
  /** When its oldest pod was made. */
  readonly createdAt: Date;
}

export interface HeldBundle {
  /** SHA-256 of the set of anchors it holds. */
  readonly id: string;
  readonly anchors: readonly Certificate[];
  /** The workloads whose proxies hold it, sorted: "emojivoto/deploy/web". */
  readonly workloads: readonly string[];
  readonly proxies: number;
  /** Would these proxies accept the issuer's leaves? Undefined without an issuer. */
  readonly acceptsIssuer?: Verification;
}

export interface Issuance {
  /** How long a leaf lives, clock skew allowance included, in milliseconds. */
  readonly lifetimeMs: number;
  /** The issuers seen in the Secret, oldest first; before the first one nothing is known. */
  readonly issuers: readonly IssuerSeen[];
}

export interface IssuerSeen {
  readonly from: Date;
  readonly chain: readonly Certificate[];
}
