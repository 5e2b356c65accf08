// What may be asked of the stand-in, and what it tells: the words of its control port, used on both sides.

export interface StandInCluster {
  readonly name: string;
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
  /** Linkerd's namespace. */
  readonly namespace: string;
}

export interface Settings {
  /** How long the bundle that an injector replica has mounted lags behind the ConfigMap; half as much more for each further replica. */
  readonly injectorDelayMs: number;
  /** How long the issuer that an identity replica has mounted lags behind the Secret; half as much more for each further replica. */
  readonly issuerDelayMs: number;
  /** So many identity replicas will not notice the next change of the Secret (linkerd2#15109). */
  readonly missedIssuerUpdates: number;
  /** The injector's port answers nobody, though its pods run. */
  readonly injectorDown: boolean;
  /** How many are begun a second, when the machine keeps up. */
  readonly handshakesPerSecond: number;
}

export const defaults: Settings = {
  injectorDelayMs: 500,
  issuerDelayMs: 1200,
  missedIssuerUpdates: 0,
  injectorDown: false,
  handshakesPerSecond: 40,
};

export interface Report {
  readonly handshakes: Handshakes;
  readonly clusters: Readonly<Record<string, ClusterReport>>;
}

export interface Handshakes {
  readonly tried: number;
  readonly failed: number;
  /** Which kinds of proxies met which, clients first: "old+new/old -> old/old", and how often. */
  readonly met: Readonly<Record<string, number>>;
  /** The first of them. */
  readonly failures: readonly FailedHandshake[];
}

export interface FailedHandshake {
  readonly at: string;
  readonly client: Party;
  readonly server: Party;
  readonly why: string;
}

export interface Party {
  readonly cluster: string;
  /** "namespace/name". */
  readonly pod: string;
  readonly trusts: readonly string[];
  /** Who signed its leaf: "identity.linkerd.cluster.local (1f2e3d4c)". */
  readonly leafOf: string;
}

export interface ClusterReport {
  readonly identity: readonly IdentityReport[];
  /** The names of the anchors that each injector replica gives to new pods now. */
  readonly injectors: readonly { readonly pod: string; readonly anchors: readonly string[] }[];
  readonly proxies: number;
  /** Running proxies that identity gives no leaf they would take. They serve nobody. */
  readonly withoutLeaf: number;
  /** Pods that were to be injected and run without a proxy. */
  readonly uninjected: number;
  /** Pods that the stand-in keeps from running, and why, as their kubelet would say it. */
  readonly held: Readonly<Record<string, string>>;
  /** Proxies alike in what they trust and who signed their leaf. */
  readonly kinds: readonly {
    readonly trusts: readonly string[];
    readonly leafOf: string;
    readonly proxies: number;
  }[];
}

export interface IdentityReport {
  readonly pod: string;
  readonly anchors: readonly string[];
  /** Undefined where it has none that works. */
  readonly issuer: string | undefined;
}
