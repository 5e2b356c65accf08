import { pause } from "../backoff.ts";

export interface Patience {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Asks every half second until there is an answer; undefined when the time is over, or when it is interrupted. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  { signal, timeoutMs }: Patience,
): Promise<T | undefined> {
  const everyMs = 500;
  for (let left = timeoutMs; !signal.aborted; left -= everyMs) {
    const answer = await ask();
    if (answer !== undefined || left <= 0) return answer;
    await pause(everyMs, signal);
  }
  return undefined;
}
