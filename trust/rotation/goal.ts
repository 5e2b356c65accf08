import type { Certificate, Fingerprint } from "../x509/index.ts";
import type { Stage } from "./stage.ts";

/**
 * What a rotation is to reach. It is recorded when a rotation begins, for it
 * cannot be read off the cluster; how far the rotation is can, and is not.
 */
export type Goal = AnchorGoal | IssuerGoal | RecoveryGoal;

/** From one trust anchor to another, through a bundle that holds both. */
export interface AnchorGoal {
  readonly kind: "anchor";
  /** What the mesh is to trust, and its issuer to chain to. */
  readonly incoming: readonly Certificate[];
  /** What leaves the bundle in the end. All else that is in it stays: another cluster's anchor, for example. */
  readonly outgoing: readonly Certificate[];
  /** How old leaves go: by a restart of who holds them, or by waiting until the last of them has ended. */
  readonly leaves: "restart" | "wait";
  /** When the old anchor is dropped, proxies that still hold it keep it until their next restart. */
  readonly lazy: boolean;
  /** Goes no further than this stage. */
  readonly until?: Stage;
}

/** Another issuer under an anchor that the whole mesh trusts already. */
export interface IssuerGoal {
  readonly kind: "issuer";
  /** The issuer to be replaced; undefined where none could be read as it began: any that can be is another one. */
  readonly replaces?: Fingerprint;
}

/** Anchor and issuer replaced at once, where what there was works no longer: not without downtime. */
export interface RecoveryGoal {
  readonly kind: "recovery";
  readonly incoming: readonly Certificate[];
}
