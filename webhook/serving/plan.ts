import type { X509Certificate } from "node:crypto";
import type { ConfigurationSeen } from "./api.ts";
import { dueAt, fingerprintOf, openBundle, validAt } from "./keyed.ts";
import { authorityName } from "./mint.ts";
import { type ServingState, trusted, unique } from "./state.ts";

/** What to do next; one write each, and safe to be ended after any of them. */
export type Step =
  | "begin" // the Secret cannot be used: fill it
  | "renew" // sign another leaf with the same authority
  | "prepare" // make the next authority
  | "publish" // write the caBundle
  | "switch"; // let the next authority sign the leaf

export interface View {
  readonly now: Date;
  /** Undefined where the Secret cannot be used. */
  readonly state: ServingState | undefined;
  readonly live: Live;
  /** Have all API servers had the time to see that this authority is in the live caBundle? */
  readonly settled: (authority: X509Certificate) => boolean;
  readonly leafLifetimeMs: number;
}

/**
 * The next step, derived from the Secret and the live webhook configuration
 * alone, so that any replica can go on after any other was killed. An
 * authority signs nothing before it is published and has settled, and leaves
 * the bundle only when it has expired: at no moment is a leaf served that a
 * live caBundle does not verify.
 */
export function nextStep({ now, state, live, settled, leafLifetimeMs }: View): Step | undefined {
  if (state === undefined) return "begin";
  if (state.leaf === undefined || leafIsDue(state, leafLifetimeMs, now)) return "renew";
  if (state.next === undefined && dueAt(state.authority.x509, now)) return "prepare";
  if (!live.holdsExactly(wanted(state, live, now))) return "publish";
  if (state.next !== undefined && settled(state.next.x509)) return "switch";
  return undefined;
}

/** The live webhook configuration, as far as trust goes. */
export interface Live {
  /** False where there is no configuration: no API server calls us, and there is nothing to wait for. */
  readonly configured: boolean;
  /** In the caBundle of every webhook. */
  holds(authority: X509Certificate): boolean;
  holdsExactly(authorities: readonly X509Certificate[]): boolean;
  /** In the caBundle of any webhook. */
  readonly anywhere: readonly X509Certificate[];
}

const nobodyCalls: Live = { configured: false, holds: () => true, holdsExactly: () => true, anywhere: [] };

/** Reads the live caBundles. */
export function liveIn(configuration: ConfigurationSeen | undefined): Live {
  if (configuration === undefined || configuration.webhooks.length === 0) return nobodyCalls;
  const bundles = configuration.webhooks.map(({ caBundle }) => {
    const { certificates, clean } = openBundle(caBundle);
    return { certificates, clean, fingerprints: new Set(certificates.map(fingerprintOf)) };
  });
  return {
    configured: true,
    holds: (authority) => bundles.every(({ fingerprints }) => fingerprints.has(fingerprintOf(authority))),
    holdsExactly: (authorities) =>
      bundles.every(
        ({ clean, fingerprints }) =>
          clean &&
          fingerprints.size === authorities.length &&
          authorities.every((authority) => fingerprints.has(fingerprintOf(authority))),
      ),
    anywhere: unique(bundles.flatMap(({ certificates }) => certificates)),
  };
}

/** Authorities of ours that the Secret no longer knows stay in the bundle too, these many at most. */
const mostForgotten = 8;

/**
 * The certificates that the caBundle should hold: those of the Secret, and
 * every valid one of ours that is live. So a Secret that was emptied or put
 * back to an old version takes nothing away from the replicas that still serve
 * with another.
 */
export function wanted(state: ServingState, live: Live, now: Date): readonly X509Certificate[] {
  const own = trusted(state);
  const known = new Set(own.map(fingerprintOf));
  const forgotten = ours(live, now)
    .filter((x509) => !known.has(fingerprintOf(x509)))
    .sort((a, b) => b.validFromDate.getTime() - a.validFromDate.getTime())
    .slice(0, mostForgotten);
  return [...forgotten, ...own];
}

const ours = ({ anywhere }: Live, now: Date): readonly X509Certificate[] =>
  anywhere.filter((x509) => x509.ca && x509.subject.startsWith(`CN=${authorityName} `) && validAt(x509, now));

// A leaf that ends with its authority is not made better by another one.
function leafIsDue({ leaf, authority }: ServingState, lifetimeMs: number, now: Date): boolean {
  if (leaf === undefined || !dueAt(leaf.x509, now)) return false;
  const end = Math.min(now.getTime() + lifetimeMs, authority.x509.validToDate.getTime());
  return end - leaf.x509.validToDate.getTime() >= 1000;
}
