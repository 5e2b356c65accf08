import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { type ReadOptions, readAll, readOne } from "../../cluster/read.ts";
import type { Unreadable } from "./types.ts";

/** What was looked for; `undefined` in its place is: could not be looked at. */
export interface Seen<T> {
  readonly value: T;
}

/** A look at a cluster that goes on where something is forbidden, and remembers what. */
export interface Look {
  /** One object, undefined where there is none. */
  one(what: string, path: string, importance?: Importance): Promise<Seen<unknown> | undefined>;
  /** Everything in a list, projected; nothing where there is no such resource. */
  all<T>(what: string, path: string, options: ListLook<T>): Promise<Seen<readonly T[]> | undefined>;
  /** Notes what kept us from something that is read by other means. */
  note(what: string, failure: Failure, importance: Importance): void;
  readonly unreadable: readonly Unreadable[];
}

export interface ListLook<T> extends Pick<ReadOptions<T>, "query" | "project"> {
  readonly importance?: Importance;
}

/** A rule is about it; or it is good to know; or something else is looked at instead. */
export type Importance = "core" | "aside" | "silent";

export interface LookOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** It throws only where there is no point in looking further: nobody answers, or nobody knows us. */
export function lookAt(cluster: Cluster, options: LookOptions = {}): Look {
  const unreadable: Unreadable[] = [];

  async function attempt<T>(what: string, importance: Importance, read: () => Promise<T>) {
    try {
      return { value: await read() };
    } catch (error) {
      if (!(error instanceof Failure) || hopeless(error)) throw error;
      note(what, error, importance);
      return undefined;
    }
  }

  function note(what: string, { message, hint }: Failure, importance: Importance): void {
    if (importance === "silent") return;
    unreadable.push({ what, reason: message, hint, core: importance === "core" });
  }

  return {
    one: (what, path, importance = "core") =>
      attempt(what, importance, () => readOne(cluster, path, options)),
    all: (what, path, { importance = "core", ...rest }) =>
      attempt(what, importance, () => readAll(cluster, path, { ...rest, ...options }).catch(noSuchResource)),
    note,
    get unreadable() {
      // Reads run side by side; the order in which they failed means nothing.
      return unreadable.toSorted((a, b) => (a.what < b.what ? -1 : 1));
    },
  };
}

// Nobody answers, or nobody knows us: there is no point in asking for the next thing.
function hopeless({ status }: Failure): boolean {
  return status === undefined || status === 401;
}

function noSuchResource(error: unknown): never[] {
  if (error instanceof Failure && error.status === 404) return [];
  throw error;
}
