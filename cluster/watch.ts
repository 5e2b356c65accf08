import type { Cluster } from "./connect.ts";
import { deadline } from "./deadline.ts";
import { Failure } from "./failure.ts";
import { failureOf } from "./wire/refusal.ts";
import type { Query } from "./wire/send.ts";

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: unknown;
  readonly version: string;
}

export interface WatchOptions {
  readonly path: string;
  readonly query: Query;
  /** The server is asked to end it then, and we do where it does not. */
  readonly seconds: number;
  /** Without a byte for that long it counts as dead. */
  readonly silentMs: number;
  readonly signal: AbortSignal;
  /** The server has accepted it. */
  begun(): void;
}

/** The version to watch from is no longer kept (410): list again. */
export class Expired extends Error {
  override readonly name = "Expired";
}

/** One watch, from one version until it ends. Ends by itself; breaks with Expired or a Failure. */
export async function* watch(
  cluster: Cluster,
  from: string,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const { path, silentMs, seconds } = options;
  const whole = deadline(seconds * 1000 + 15_000, options.signal);
  const silence = deadline(silentMs, whole.signal);
  const query = {
    ...options.query,
    watch: 1,
    resourceVersion: from,
    allowWatchBookmarks: true,
    timeoutSeconds: seconds,
  };
  try {
    const { signal } = silence;
    for await (const line of cluster.lines(path, { query, signal, begun: options.begun })) {
      silence.restart(silentMs);
      yield eventOf(line);
    }
  } catch (error) {
    throw error instanceof Failure && error.status === 410 ? new Expired() : error;
  } finally {
    silence.end();
    whole.end();
  }
}

function eventOf(line: unknown): WatchEvent {
  // meta/v1 WatchEvent; the object of an ERROR is a Status.
  const { type, object } = line as {
    type: WatchEvent["type"] | "ERROR";
    object: { code?: number; metadata?: { resourceVersion?: string } };
  };
  const version = object.metadata?.resourceVersion;
  if (type !== "ERROR" && version !== undefined) return { type, object, version };
  throw failureOf(object.code ?? 500, object);
}
