import type { Cluster } from "./connect.ts";
import { type Log, silent } from "./log.ts";
import { microTime } from "./micro-time.ts";

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

export interface Event {
  readonly regarding: ObjectReference;
  readonly type: "Normal" | "Warning";
  /** CamelCase, for machines: "TrustBundleRefused". */
  readonly reason: string;
  /** For people. */
  readonly note: string;
  /** CamelCase: "Review". */
  readonly action: string;
}

export interface Recorder {
  /** Writes it, sooner or later or not at all; never throws and never waits. */
  record(event: Event): void;
  /** How many were not written. */
  readonly dropped: number;
  /** What is being written has been written or dropped. */
  settled(): Promise<void>;
  stop(): void;
}

export interface RecorderOptions {
  readonly clock: () => Date;
  /** Who says it, for example the pod's name. */
  readonly reportingInstance: string;
  readonly random?: () => number;
  readonly log?: Log;
}

/** The same event within this time is counted, not written anew. */
const seriesMs = 10 * 60_000;
/** A series is written at most this often. */
const quietMs = 10_000;
/** After a failure nothing is tried for this long: the API server has other worries. */
const restMs = 30_000;
const mostInFlight = 16;
const mostSeries = 500;

interface Series {
  readonly path: string;
  last: Date;
  count: number;
  timer?: NodeJS.Timeout | undefined;
}

/** Writes events (events.k8s.io/v1), what repeats as one series. */
export function eventRecorder(cluster: Cluster, options: RecorderOptions): Recorder {
  const { clock, reportingInstance, random = Math.random, log = silent } = options;
  const known = new Map<string, Series>();
  let restUntil = 0;
  const writing = new Set<Promise<void>>();
  let dropped = 0;

  return {
    record(event) {
      const now = clock();
      const key = JSON.stringify([event.regarding, event.type, event.reason, event.note, event.action]);
      const series = known.get(key);
      if (series !== undefined && now.getTime() - series.last.getTime() < seriesMs) repeat(key, series, now);
      else begin(key, event, now);
    },
    get dropped() {
      return dropped;
    },
    async settled() {
      await Promise.all(writing);
    },
    stop() {
      for (const series of known.values()) clearTimeout(series.timer);
      known.clear();
    },
  };

  function begin(key: string, event: Event, now: Date): void {
    const namespace = event.regarding.namespace ?? "default";
    // As client-go names them: the object, and something that nobody else takes.
    const unique = Math.floor(random() * 2 ** 32).toString(16);
    const name = `${event.regarding.name}.${now.getTime().toString(16)}${unique}`;
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const body = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace, name },
      eventTime: microTime(now),
      reportingController: "linkerd-certs",
      reportingInstance: reportingInstance.slice(0, 128),
      ...event,
      note: cut(event.note, 1024),
    };
    known.delete(key);
    known.set(key, { path: `${path}/${name}`, last: now, count: 1 });
    for (const [oldest, series] of known) {
      if (known.size <= mostSeries) break;
      clearTimeout(series.timer);
      known.delete(oldest);
    }
    follow(write(key, "POST", path, body, "application/json"));
  }

  function repeat(key: string, series: Series, now: Date): void {
    series.last = now;
    series.count++;
    series.timer ??= setTimeout(() => {
      series.timer = undefined;
      const body = { series: { count: series.count, lastObservedTime: microTime(series.last) } };
      follow(write(key, "PATCH", series.path, body, "application/merge-patch+json"));
    }, quietMs).unref();
  }

  async function write(key: string, method: string, path: string, body: object, contentType: string) {
    if (writing.size >= mostInFlight || clock().getTime() < restUntil) return drop(key);
    try {
      const { status } = await cluster.request(method, path, { body, contentType, timeoutMs: 5_000 });
      // For example 404: the series has outlived its hour in the API server.
      if (status >= 300) drop(key);
    } catch (error) {
      restUntil = clock().getTime() + restMs;
      log.warn({ why: error instanceof Error ? error.message : String(error) }, "an event is not written");
      drop(key);
    }
  }

  function follow(write: Promise<void>): void {
    writing.add(write);
    void write.then(() => writing.delete(write));
  }

  // What was not written is begun anew the next time.
  function drop(key: string): void {
    dropped++;
    known.delete(key);
  }
}

function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  // The cut may fall into a character; what is left of that is dropped.
  return whole
    .subarray(0, bytes - 3)
    .toString("utf8")
    .replace(/\uFFFD+$/, "")
    .concat("…");
}
