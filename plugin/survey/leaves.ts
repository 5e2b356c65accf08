import type { IssuerInUse } from "../../trust/issuer-in-use.ts";
import type { Survey } from "./types.ts";

/** Whose issuer signed the certificates that running proxies use, as far as their age tells. */
export interface Leaves {
  /** Signed by the issuer in the Secret: asked for since identity signs with it. */
  readonly current: number;
  /** Asked for before, perhaps: they may be a former issuer's. */
  readonly maybeFormer: number;
  /** Who uses those, sorted by name. */
  readonly workloads: readonly { readonly name: string; readonly proxies: number }[];
  /** When the last of a former issuer's has ended. */
  readonly until: Date;
}

/**
 * No object of Kubernetes shows a leaf, so this goes by time alone: a proxy asks
 * for one when it starts, and no leaf outlives its lifetime. As a text: why even
 * that does not tell.
 */
export function leavesOf({ facts, starts, at }: Survey, inUse: IssuerInUse): Leaves | string {
  if (inUse.state !== "secret") return inUse.evidence;
  const { since } = inUse;
  if (since === undefined || facts.issuance === undefined) return "it is not known how long a leaf lives";
  const until = new Date(since.getTime() + facts.issuance.lifetimeMs);
  const former = until <= at ? [] : starts.filter((one) => one.at === undefined || one.at <= since);
  return {
    current: starts.length - former.length,
    maybeFormer: former.length,
    workloads: [...Map.groupBy(former, ({ workload }) => workload)]
      .map(([name, own]) => ({ name, proxies: own.length }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    until,
  };
}
