import { backoffMs, pause } from "../../backoff.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import type { Answer, RequestOptions } from "../../request.ts";

export interface Insistence {
  /** Ends the pauses, not the requests: what is under way gets its answer. */
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** How often at most; 6 by default, which is about half a minute. */
  readonly tries?: number;
}

/**
 * One request, again where the API server is busy or not to be reached: when it
 * asks us to, else after longer and longer pauses. Only for what may be done
 * twice: reads, and writes with a precondition. Throws the last Failure.
 */
export async function insist(
  cluster: Cluster,
  method: string,
  path: string,
  options: RequestOptions,
  { signal, random, tries = 6 }: Insistence,
): Promise<Answer> {
  for (let failures = 1; ; failures++) {
    try {
      return await cluster.request(method, path, options);
    } catch (error) {
      if (failures >= tries || signal.aborted || !passing(error)) throw error;
      const asked = error instanceof Failure ? error.retryAfterMs : undefined;
      await pause(asked ?? backoffMs(failures, random), signal);
    }
  }
}

/** Likely to be otherwise in a while: too many requests, a server in trouble, a broken wire. */
export function passing(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const { status } = error;
  return status === undefined || status === 429 || status >= 500;
}

/** An admission webhook's or policy's answer, rather than a permission that is missing. */
export function denied(error: unknown): error is Failure {
  return (
    error instanceof Failure &&
    error.status === 403 &&
    /denied the request|denied request/.test(error.message)
  );
}

/** Our own word against it, not an answer and not a broken wire: it is no better in a while, unless a person does something. */
export function ownWord(error: unknown): error is Failure {
  return error instanceof Failure && error.status === undefined && error.cause === undefined;
}
