import { backoffMs } from "../../../cluster/backoff.ts";
import type { Block } from "../../../trust/rotation/plan.ts";

/** What was tried in vain, and when it may be tried again. Keys name a step of a cluster. */
export interface Attempts {
  /** It may be tried now. */
  due(key: string, now: number): boolean;
  /** Something passing kept us from it: again after a while, longer each time. */
  failed(key: string, why: string, now: number): void;
  /** A person has to do something first: tried again only after a minute. */
  refused(key: string, block: Block, now: number): void;
  /** Done: if it is asked for again, what it brings about was not seen yet, or did not come about. */
  succeeded(key: string, now: number): void;
  /** What something passing kept us from it the last time, and how often in a row; undefined where it did not. */
  trouble(key: string): { readonly why: string; readonly times: number } | undefined;
  /** What a person has to do before this one can be done. */
  block(key: string): Block | undefined;
  /** A person has to do something before this one can be done. */
  isRefused(key: string): boolean;
}

const refusedMs = 60_000;
const doneMs = 1_000;

/** A memory of attempts; times are milliseconds of any clock that only grows. */
export function attempts(random: () => number): Attempts {
  const known = new Map<string, { failures: number; from: number; why?: string; block?: Block }>();
  return {
    due: (key, now) => (known.get(key)?.from ?? 0) <= now,
    failed(key, why, now) {
      const failures = (known.get(key)?.failures ?? 0) + 1;
      known.set(key, { failures, from: now + backoffMs(failures, random), why });
    },
    refused: (key, block, now) => void known.set(key, { failures: 0, from: now + refusedMs, block }),
    succeeded: (key, now) => void known.set(key, { failures: 0, from: now + doneMs }),
    trouble(key) {
      const { failures: times = 0, why } = known.get(key) ?? {};
      return why === undefined ? undefined : { why, times };
    },
    block: (key) => known.get(key)?.block,
    isRefused: (key) => known.get(key)?.block !== undefined,
  };
}
