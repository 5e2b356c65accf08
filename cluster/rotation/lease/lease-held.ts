import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import type { Log } from "../../log.ts";
import { leaseName, leaseSeconds, patchOf, readLeaseObject, renewal, surrender } from "./lease-object.ts";

/** A lease that is ours until it is released or lost. */
export interface HeldLease {
  /** Aborted when somebody else has it, or it is gone; its reason is a Failure. */
  readonly lost: AbortSignal;
  /**
   * To be asked before every write: returns when the lease is surely still
   * ours, after a renewal where the last one is too long ago; throws a Failure
   * when it is lost, or when the API server does not say.
   */
  confirm(): Promise<void>;
  /** Gives it back, once what is under way is done. Never throws: what is not given back lapses. */
  release(): Promise<void>;
}

export interface HoldOptions {
  readonly path: string;
  readonly session: string;
  readonly resourceVersion: string;
  readonly clock: () => Date;
  readonly log: Log;
}

const renewMs = 10_000;
const retryMs = 2_000;
/** A write that begins this long after a renewal ends before the lease can lapse, for requests take 10 s at most. */
const freshMs = leaseSeconds * 1000 - 15_000;

/** Renews it until it is released or lost. While the API server is away nobody can take it, so that loses nothing. */
export function holdLease(cluster: Cluster, options: HoldOptions): HeldLease {
  const { path, session, clock, log } = options;
  let { resourceVersion } = options;
  const lost = new AbortController();
  let released = false;
  let renewed = mark();
  let renewing: Promise<void> | undefined;
  let timer = later(renewMs);

  return {
    lost: lost.signal,
    async confirm() {
      lost.signal.throwIfAborted();
      if (age() >= freshMs) await renew();
      lost.signal.throwIfAborted();
    },
    async release() {
      if (released || lost.signal.aborted) return;
      released = true;
      clearTimeout(timer);
      await renewing?.catch(() => {});
      try {
        await cluster.request("PATCH", path, { ...patchOf(surrender, resourceVersion), timeoutMs: 5_000 });
      } catch (error) {
        log.warn({ why: String(error) }, "the lease is not given back, and lapses");
      }
    },
  };

  // By the clock and by one that only grows: the first may be set, the second stands still while a machine sleeps.
  function mark() {
    return { at: clock().getTime(), tick: performance.now() };
  }
  function age(): number {
    return Math.max(clock().getTime() - renewed.at, performance.now() - renewed.tick);
  }

  function later(ms: number): NodeJS.Timeout {
    return setTimeout(async () => {
      try {
        await renew();
        if (!released && !lost.signal.aborted) timer = later(renewMs);
      } catch {
        if (!released) timer = later(retryMs);
      }
    }, ms).unref();
  }

  function renew(): Promise<void> {
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function renewOnce(): Promise<void> {
    const begun = mark();
    for (let attempt = 0; attempt < 3 && !released; attempt++) {
      const asked = { ...patchOf(renewal(clock()), resourceVersion), timeoutMs: 5_000 };
      const { status, body } = await cluster.request("PATCH", path, asked);
      if (status === 200) {
        ({ resourceVersion } = readLeaseObject(body));
        renewed = begun;
        return;
      }
      if (status === 404) return lose("somebody removed it");
      if (status !== 409) throw new Failure(`the lease is not renewed (${status})`, "Try again.", { status });
      const seen = await cluster.request("GET", path, { timeoutMs: 5_000 });
      if (seen.status === 404) return lose("somebody removed it");
      const now = readLeaseObject(seen.body);
      if (now.holder?.session !== session)
        return lose(now.holder === undefined ? "somebody gave it back" : `${now.holder.who} took it over`);
      // Somebody wrote to it, but it is still ours.
      ({ resourceVersion } = now);
    }
    if (!released) throw new Failure("the lease is not renewed: others keep writing to it", "Try again.");
  }

  function lose(how: string): void {
    clearTimeout(timer);
    lost.abort(
      new Failure(
        `this run no longer holds Lease ${leaseName}: ${how}`,
        "Nothing was written since. See who goes on, and where it stands, with: rotate status.",
      ),
    );
  }
}
