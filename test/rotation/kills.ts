import type { Ended, Told, Working } from "./command.ts";

export interface Killed {
  /** All that were killed, by where: "overlapping step-begun restart-workload shop-0/deploy/app-1". */
  readonly at: readonly string[];
  /** The one that was left to end. */
  readonly last: Ended;
}

/**
 * Begins the command again and again, and kills it (SIGKILL) whenever it tells of something of these types that no
 * run was killed at before; until one has nothing new to tell and ends by itself.
 */
export async function killedEverywhere(start: () => Working, types: readonly string[]): Promise<Killed> {
  const at = new Set<string>();
  for (;;) {
    const working = start();
    const stage = new Map<string, string>();
    let over = false;
    working.onLine((line) => {
      if (line.stage !== undefined) stage.set(line.cluster ?? "", line.stage);
      const where = placeOf(line, stage.get(line.cluster ?? ""));
      if (over || !types.includes(line.type) || at.has(where)) return;
      over = true;
      at.add(where);
      working.kill("SIGKILL");
    });
    const last = await working.ended;
    if (!over || last.signal === null) return { at: [...at], last };
  }
}

/** Killed after as many milliseconds as `draw` says, as often as it says a number. */
export async function killedAtRandom(
  start: () => Working,
  draw: (run: number) => number | undefined,
): Promise<{ readonly kills: number; readonly last: Ended }> {
  for (let run = 0; ; run++) {
    const working = start();
    const ms = draw(run);
    const timer = ms === undefined ? undefined : setTimeout(() => working.kill("SIGKILL"), ms);
    const last = await working.ended;
    clearTimeout(timer);
    if (last.signal === null) return { kills: run, last };
  }
}

function placeOf({ type, cluster, step, workload, state }: Told, stage: string | undefined): string {
  const what = [step?.kind, step?.component, step?.workload ?? workload, state];
  return [cluster, stage, type, ...what].filter((word) => word !== undefined).join(" ");
}
