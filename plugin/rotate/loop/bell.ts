/** Wakes who waits; rung while nobody waits, it wakes the next at once. */
export interface Bell {
  ring(): void;
  /** Until it is rung, but no longer than that. */
  next(ms: number): Promise<void>;
  /** Until that long after the last time this was asked. */
  quiet(ms: number): Promise<void>;
}

export function bell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async next(ms) {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      wake = undefined;
      rung = false;
    },
    async quiet(ms) {
      const left = last + ms - performance.now();
      // Even without a pause others have their turn.
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
      last = performance.now();
      rung = false;
    },
  };
}
