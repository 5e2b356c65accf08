export interface Deadline {
  /** Aborts when the time is over, or when the outer signal does. */
  readonly signal: AbortSignal;
  /** Gives it that much time from now on; undefined: for ever. */
  restart(ms: number | undefined): void;
  /** Lets go of the outer signal and the timer. To be called whatever happens. */
  end(): void;
}

/**
 * Not AbortSignal.any, which cannot be let go of: while somebody still listens
 * to it, it stays with an outer signal that lives as long as the process, a
 * kilobyte for every watch.
 */
export function deadline(ms: number | undefined, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = () => controller.abort(outer?.reason);
  let timer: NodeJS.Timeout | undefined;
  const restart = (time: number | undefined) => {
    clearTimeout(timer);
    if (time === undefined) return;
    timer = setTimeout(() => controller.abort(new DOMException("the time is over", "TimeoutError")), time);
  };
  restart(ms);
  if (outer?.aborted) follow();
  else outer?.addEventListener("abort", follow);
  return {
    signal: controller.signal,
    restart,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", follow);
    },
  };
}
