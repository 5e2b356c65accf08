import { pause } from "../../backoff.ts";
import { type Context, insistence } from "./context.ts";
import { insist } from "./insist.ts";

/**
 * Waits until the API server's clock has left that second. It dates objects in
 * whole seconds, so a pod made within the second of a write may be older than
 * the write, and one made later surely is not. False where it was interrupted.
 */
export async function nextSecond(after: Date, context: Context): Promise<boolean> {
  const { observer, signal } = context;
  const until = Math.floor(after.getTime() / 1000) * 1000 + 1000;
  while (true) {
    const left = until - observer.server.now().getTime();
    if (left <= 0) return true;
    if (signal.aborted) return false;
    await pause(Math.min(left, 1000) + 5, signal);
    // Each answer tells the clock more exactly.
    if (until > observer.server.now().getTime())
      await insist(observer.cluster, "GET", "/version", {}, insistence(context));
  }
}

/** The last moment that something restarted from now on must be later than. */
export function lastChange({ view: { bundle, issuer } }: Context): Date {
  const moments = [bundle?.changedAt, issuer?.changedAt, issuer?.inUse?.since];
  return new Date(Math.max(0, ...moments.map((moment) => moment?.getTime() ?? 0)));
}
