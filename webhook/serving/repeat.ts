/** Something that is done again and again, never twice at the same time. */
export interface Repetition {
  /** Does it soon: something may have changed. */
  soon(): void;
  /** The last one is over when this resolves. */
  stop(): Promise<void>;
}

/** However often somebody says "soon", there is this much between two runs. */
const restMs = 200;

/** Runs `work`, which does not throw and says after how many milliseconds it should run again. */
export function repeat(firstMs: number, work: () => Promise<number>): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;
  let again = false;

  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(run, ms);
    timer?.unref();
  };
  const run = () => {
    again = false;
    running = work().then((nextMs) => {
      running = undefined;
      schedule(again ? Math.min(restMs, nextMs) : nextMs);
    });
  };
  schedule(firstMs);
  return {
    soon() {
      if (again) return;
      again = true;
      if (running === undefined) schedule(restMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
