import { backoffMs, pause } from "./backoff.ts";
import type { Cluster } from "./connect.ts";
import { createCopy, type Listed, type Projection } from "./copy.ts";
import { deadline } from "./deadline.ts";
import { Failure } from "./failure.ts";
import { type Log, silent } from "./log.ts";
import { Expired, watch } from "./watch.ts";

/** A copy of what a list holds, kept up to date by a watch. */
export interface Reflector<T> {
  /** Replaced as a whole by a new list, so there is never a moment without the old or the new. */
  readonly items: ReadonlyMap<string, T>;
  /** The first list is complete. */
  readonly synced: boolean;
  /** When the API server was last heard about these objects. */
  readonly lastContact: Date | undefined;
  /**
   * For how many milliseconds nothing was heard, by the clock or by one that
   * only grows, whichever says more: the first may be set back, the second
   * stands still while a machine sleeps.
   */
  readonly silence: number;
  /** What keeps us from hearing about them now. */
  readonly failure: Failure | undefined;
  /** Called when an item is new, gone, or another than before; gives back how to end that. */
  onChange(listener: () => void): () => void;
  /** Asks the API server itself, past the watch. Throws a Failure where it does not answer in time. */
  refresh(timeoutMs: number): Promise<void>;
  stop(): void;
}

export interface Reflection<T> {
  readonly path: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** What is kept of an object; undefined leaves it out. The object itself is dropped at once. */
  project(object: unknown): T | undefined;
  /** "namespace/name" by default. */
  key?(object: unknown): string;
  readonly pageSize?: number;
  /** How long one watch lives, give or take a tenth. */
  readonly watchSeconds?: number;
  /** A watch without a byte for that long is dead; bookmarks come every minute. */
  readonly silentMs?: number;
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly log?: Log;
  /** Told whenever the API server was heard about these objects. */
  readonly onContact?: (at: Date) => void;
  /** Told when a list or a watch broke, or ended too soon, and is to be begun anew. */
  readonly onBreak?: () => void;
}

/** A watch that ends sooner counts as a failure, however it ends: it must not become a flood. */
const soundMs = 5_000;

/**
 * Lists, then watches, and never gives up. This is ours because client-node's
 * own watch and informer die silently, swallow what is no JSON, keep whole
 * objects, or come back as a flood (kubernetes-client/javascript #364, #596,
 * #958, #1496, #1933).
 */
export function reflect<T>(cluster: Cluster, options: Reflection<T>): Reflector<T> {
  const { path, clock, random = Math.random, log = silent } = options;
  const query = { fieldSelector: options.fieldSelector, labelSelector: options.labelSelector };
  const projection = guarded(options);
  const stopping = new AbortController();
  const { signal } = stopping;
  const listeners = new Set<() => void>();
  const copy = createCopy(projection, () => {
    for (const listener of listeners) listener();
  });
  let synced = false;
  let lastContact: Date | undefined;
  let heard = performance.now();
  let failure: Failure | undefined;

  void run();
  return {
    get items() {
      return copy.items;
    },
    get synced() {
      return synced;
    },
    get lastContact() {
      return lastContact;
    },
    get silence() {
      const elapsed = performance.now() - heard;
      return lastContact === undefined
        ? elapsed
        : Math.max(elapsed, clock().getTime() - lastContact.getTime());
    },
    get failure() {
      return failure;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async refresh(timeoutMs) {
      const time = deadline(timeoutMs, signal);
      await relist(time.signal).finally(time.end);
    },
    stop: () => stopping.abort(),
  };

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now();
      let broke = false;
      try {
        if (copy.version === undefined) await relist(signal);
        await follow(copy.version ?? "");
      } catch (error) {
        if (signal.aborted) return;
        broke = true;
        // One broken watch is taken up where it broke; what is wrong for longer may need a new list.
        if (error instanceof Expired || failures > 0) copy.expire();
        if (!(error instanceof Expired)) failed(error);
      }
      const early = performance.now() - began < soundMs;
      failures = early ? failures + 1 : 0;
      if (broke || early) options.onBreak?.();
      await pause(backoffMs(failures, random), signal);
    }
  }

  async function relist(until: AbortSignal): Promise<void> {
    const items = new Map<string, T>();
    const each = (object: unknown) => {
      const value = projection.project(object);
      if (value !== undefined) items.set(projection.key(object), value);
    };
    const page = async (next?: string): Promise<Listed<T>> => {
      const limited = { ...query, limit: options.pageSize ?? 500, continue: next };
      const meta = await cluster.list(path, { query: limited, each, signal: until });
      return meta.continue === undefined ? { items, version: meta.resourceVersion } : page(meta.continue);
    };
    copy.replace(await page());
    synced = true;
    contact();
  }

  async function follow(version: string): Promise<void> {
    const { watchSeconds = 290, silentMs = 90_000 } = options;
    const seconds = Math.round(watchSeconds * (0.9 + 0.2 * random()));
    const events = watch(cluster, version, { path, query, seconds, silentMs, signal, begun: contact });
    for await (const event of events) {
      copy.apply(event);
      contact();
    }
  }

  function contact(): void {
    if (failure !== undefined) log.info({ path }, "the API server is heard again");
    failure = undefined;
    lastContact = clock();
    heard = performance.now();
    options.onContact?.(lastContact);
  }

  function failed(error: unknown): void {
    const before = failure?.message;
    failure = error instanceof Failure ? error : new Failure("the watch broke", reportIt, { cause: error });
    if (failure.message !== before) log.warn({ path, hint: failure.hint }, failure.message);
  }
}

/** The one object that a reflector by name can have. */
export function only<T>(reflector: Reflector<T>): T | undefined {
  return reflector.items.values().next().value;
}

const reportIt = "Report this, with the version and the log.";

// A projection that throws is our bug, and must not look like an absent object. What it says may quote a Secret.
function guarded<T>({ path, project, key = nameOf }: Reflection<T>): Projection<T> {
  return {
    key,
    project(object) {
      try {
        return project(object);
      } catch {
        throw new Failure(`${key(object)} at ${path} cannot be read by this program`, reportIt);
      }
    },
  };
}

function nameOf(object: unknown): string {
  const { metadata } = object as { metadata: { namespace?: string; name: string } }; // meta/v1 ObjectMeta
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
