import type { Cluster } from "../../cluster/connect.ts";
import type { Query } from "../../cluster/wire/send.ts";

export interface Script {
  /** The pages of each list in turn; the last one is answered for ever. An Error is thrown. */
  readonly lists: readonly (Page | Error)[];
  /** What each watch in turn says; it waits at a promise, and for ever at "hang". Past the last one, they hang. */
  readonly watches?: readonly (readonly (object | "hang" | Error | Promise<void>)[])[];
}

interface Page {
  readonly items: readonly object[];
  readonly version: string;
}

export interface Scripted extends Cluster {
  /** The queries of the lists and the watches that were asked for. */
  readonly listed: Query[];
  readonly watched: Query[];
}

/** An API server that says what it is told to. */
export function scripted({ lists, watches = [] }: Script): Scripted {
  const listed: Query[] = [];
  const watched: Query[] = [];
  return {
    describe: "scripted",
    listed,
    watched,
    request: async () => ({ status: 200, body: {} }),
    forward: () => Promise.reject(new Error("nothing is forwarded here")),
    async list(_path, { each, query = {} }) {
      const page = lists[Math.min(listed.push(query), lists.length) - 1];
      if (page === undefined || page instanceof Error) throw page;
      for (const item of page.items) each(item);
      return { resourceVersion: page.version };
    },
    async *lines(_path, { query = {}, signal, begun }) {
      begun?.();
      for (const line of watches[watched.push(query) - 1] ?? ["hang" as const]) {
        if (line instanceof Error) throw line;
        if (line === "hang") await aborted(signal);
        else if (line instanceof Promise) await line;
        else yield line;
      }
    },
    close: () => {},
  };
}

export function configMap(name: string, version: string, value = ""): object {
  return { metadata: { name, namespace: "default", resourceVersion: version }, data: { value } };
}

export function event(type: string, object: object): object {
  return { type, object };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    // A hanging watch must not let the test's process end, nor keep it alive for long.
    const alive = setTimeout(() => {}, 60_000);
    signal?.addEventListener("abort", () => {
      clearTimeout(alive);
      reject(signal.reason);
    });
  });
}
