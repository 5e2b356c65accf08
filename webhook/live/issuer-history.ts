import type { IssuerSecret, IssuerSeen, Scheme } from "../../trust/facts.ts";
import type { Certificate } from "../../trust/x509/index.ts";

/** Which issuers the Secret has held: proxies may still have leaves of the former ones. */
export interface IssuerHistory {
  /** Takes note of the Secret as it is now. */
  see(secret: IssuerSecret, now: Date): void;
  /** The issuers of the layout that identity reads, oldest first, without those no leaf of which can live. */
  seen(expected: Scheme | undefined, now: Date, leafLifetimeMs?: number): readonly IssuerSeen[];
}

/** Kept at least: identity may be set to other lifetimes than the running one says. */
const leastMs = 48 * 3_600_000;

const schemes = ["linkerd.io/tls", "kubernetes.io/tls"] as const;

interface Entry {
  readonly from: Date;
  readonly chains: { readonly [S in Scheme]?: readonly Certificate[] };
}

/** A memory of issuers. Nothing is known of the time before it began. */
export function issuerHistory(): IssuerHistory {
  let entries: readonly Entry[] = [];
  return {
    see(secret, now) {
      const chains = chainsOf(secret);
      const last = entries.at(-1);
      if (schemes.every((scheme) => chains[scheme] === undefined)) return;
      if (last !== undefined && schemes.every((scheme) => same(last.chains[scheme], chains[scheme]))) return;
      const from = secret.changedAt ?? now;
      // Clocks may differ; the order in which issuers were seen is certain.
      entries = [...entries, { from: last !== undefined && from < last.from ? last.from : from, chains }];
    },

    seen(expected, now, leafLifetimeMs = 0) {
      const oldest = now.getTime() - Math.max(leastMs, leafLifetimeMs);
      entries = entries.filter((_, at) => {
        const replaced = entries[at + 1]?.from;
        return replaced === undefined || replaced.getTime() >= oldest;
      });
      const seen: IssuerSeen[] = [];
      for (const { from, chains } of entries) {
        const chain =
          (expected && chains[expected]) ?? chains["linkerd.io/tls"] ?? chains["kubernetes.io/tls"] ?? [];
        if (!same(seen.at(-1)?.chain, chain)) seen.push({ from, chain });
      }
      return seen;
    },
  };
}

function chainsOf({ readings }: IssuerSecret): Entry["chains"] {
  const chains: { [S in Scheme]?: readonly Certificate[] } = {};
  for (const scheme of schemes) {
    const chain = readings[scheme]?.chain ?? [];
    if (chain.length > 0) chains[scheme] = chain;
  }
  return chains;
}

function same(a: readonly Certificate[] = [], b: readonly Certificate[] = []): boolean {
  return a.length === b.length && a.every((one, at) => one.fingerprint === b[at]?.fingerprint);
}
