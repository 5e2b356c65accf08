import { pause } from "./backoff.ts";
import type { Cluster } from "./connect.ts";
import { Failure } from "./failure.ts";

const tries = 10;

/**
 * The same cluster, whose requests and lists are asked again where the API
 * server was busy and said when to come back, as kubectl does (client-go's
 * rest.Request: 429 and 5xx with Retry-After, ten times). What it did not take
 * it has not done. Throws the last Failure.
 */
export function patient(cluster: Cluster, signal: AbortSignal): Cluster {
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let failures = 1; ; failures++) {
      try {
        return await ask();
      } catch (error) {
        const asked = error instanceof Failure ? error.retryAfterMs : undefined;
        if (asked === undefined || failures >= tries || signal.aborted) throw error;
        await pause(asked, signal);
      }
    }
  };
  return {
    ...cluster,
    request: (...asked) => again(() => cluster.request(...asked)),
    list: (...asked) => again(() => cluster.list(...asked)),
  };
}
