import type { Cluster } from "../../connect.ts";
import type { Answer } from "../../request.ts";

/** The API server's clock, as far as its answers tell. Never ahead of it, and behind by less than a second or two. */
export interface ServerClock {
  now(): Date;
  /** How far it is ahead of ours, in milliseconds; undefined before the first answer. */
  readonly aheadMs: number | undefined;
  /** Learns from an answer to a request that was sent at that time. */
  learn(answer: Answer, sentAt: Date): void;
}

/**
 * An answer says a whole second and is made between our sending and our
 * hearing, so each narrows the difference of the clocks from both sides. What
 * contradicts what was known (a clock was set) begins anew.
 */
export function serverClock(clock: () => Date): ServerClock {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  return {
    now: () => new Date(clock().getTime() + (Number.isFinite(low) ? low : 0)),
    get aheadMs() {
      return Number.isFinite(low) ? (low + high) / 2 : undefined;
    },
    learn({ date }, sentAt) {
      if (date === undefined) return;
      const [atLeast, atMost] = [
        date.getTime() - clock().getTime(),
        date.getTime() + 1000 - sentAt.getTime(),
      ];
      low = Math.max(low, atLeast);
      high = Math.min(high, atMost);
      if (low > high) [low, high] = [atLeast, atMost];
    },
  };
}

const oftenMs = 60_000;

/** To be called now and then: asks for the time where no answer has told it for a minute. */
export function timekeeper(cluster: Cluster, signal: AbortSignal): () => void {
  let asked = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - asked < oftenMs) return;
    asked = performance.now();
    cluster.request("GET", "/version", { signal }).catch(() => {
      asked = performance.now() - oftenMs + 1_000;
    });
  };
}

/** The same cluster, whose answers tell the time. */
export function timed(cluster: Cluster, clock: () => Date, server: ServerClock): Cluster {
  return {
    ...cluster,
    async request(method, path, options) {
      const sentAt = clock();
      const answer = await cluster.request(method, path, options);
      server.learn(answer, sentAt);
      return answer;
    },
  };
}
