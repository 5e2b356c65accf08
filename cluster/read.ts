import type { Cluster } from "./connect.ts";
import { Failure } from "./failure.ts";
import type { Query } from "./wire/send.ts";

export interface ReadOptions<T> {
  readonly query?: Query;
  /** What is kept of an object; undefined leaves it out. The object itself is dropped at once. */
  project(object: unknown): T | undefined;
  readonly pageSize?: number;
  /** For each page. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Small enough to come within a timeout of a few seconds, large enough for 10,000 pods in a moment. */
const pageSize = 250;

/**
 * Everything in a list, once: page by page, and each object as it arrives, so
 * that only what `project` keeps takes memory. Throws a Failure, with status
 * 404 where there is no such resource.
 */
export async function readAll<T>(cluster: Cluster, path: string, options: ReadOptions<T>): Promise<T[]> {
  try {
    return await readPages(cluster, path, options);
  } catch (error) {
    // The list is older than the API server remembers: begun anew, it may come faster.
    if (error instanceof Failure && error.status === 410) return readPages(cluster, path, options);
    throw error;
  }
}

async function readPages<T>(cluster: Cluster, path: string, options: ReadOptions<T>): Promise<T[]> {
  const { project, query, signal, timeoutMs } = options;
  const kept: T[] = [];
  let next: string | undefined;
  do {
    const meta = await cluster.list(path, {
      query: { ...query, limit: options.pageSize ?? pageSize, continue: next },
      each: (object) => {
        const one = project(object);
        if (one !== undefined) kept.push(one);
      },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
    });
    next = meta.continue;
  } while (next !== undefined);
  return kept;
}

/** One object; undefined where there is none. Everything else but success is thrown. */
export async function readOne(
  cluster: Cluster,
  path: string,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<unknown> {
  const { status, body } = await cluster.request("GET", path, options);
  if (status === 404) return undefined;
  if (status !== 200)
    throw new Failure(`the API server answered ${status} to GET ${path}`, "Try again.", { status });
  return body;
}
