const firstMs = 500;
const longestMs = 30_000;

/**
 * How long to wait after that many failures in a row: none after none, else
 * half a second doubling to half a minute. Half of it is left to chance, so
 * that the replicas of a guard do not come back all at once.
 */
export function backoffMs(failures: number, random: () => number): number {
  if (failures === 0) return 0;
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return full / 2 + (full / 2) * random();
}

/** Waits, but no longer than until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
