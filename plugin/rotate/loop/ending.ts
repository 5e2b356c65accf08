import type { Failure } from "../../../cluster/failure.ts";
import { stages } from "../../../trust/rotation/stage.ts";
import type { Ended } from "../progress.ts";
import type { LoopOptions } from "./loop.ts";
import type { Standing } from "./standing.ts";

export interface Moment extends Pick<LoopOptions, "timeoutMs" | "wait" | "signal" | "clock"> {
  readonly standings: readonly Standing[];
  /** Steps are under way. */
  readonly busy: boolean;
  readonly lastProgress: number;
  readonly now: number;
  /** What keeps us from going on at all. */
  readonly fatal: Failure | undefined;
}

/** A permission is not given back by itself. */
const forbiddenMs = 20_000;

/** Whether it is over, and how; undefined while it goes on. */
export function ending(moment: Moment): Ended | undefined {
  const { standings, busy, wait, signal, fatal, now } = moment;
  const end = (outcome: Ended["outcome"], message: string, hint: string): Ended => ({
    kind: "ended",
    at: moment.clock(),
    outcome,
    message,
    hint,
    missing: outcome === "done" || outcome === "paused" ? [] : standings.flatMap(missingIn),
  });
  if (fatal !== undefined) return end("failed", fatal.message, fatal.hint);
  if (signal.aborted)
    return end("interrupted", "interrupted; what was begun goes on by itself", "Run it again to go on.");
  if (busy) return undefined;
  if (standings.every(({ plan }) => plan?.done === true)) return arrived(moment, end);
  const forbidden = standings.find(({ member }) => member.failure?.status === 403)?.member.failure;
  if (forbidden !== undefined && now - moment.lastProgress > forbiddenMs)
    return end("failed", forbidden.message, forbidden.hint);
  const open = standings.filter(({ plan }) => plan?.done !== true);
  if (!wait && open.every(isStuck) && open.some(({ blocks }) => blocks.length > 0))
    return open.some(({ refused }) => refused)
      ? end("refused", "a write is refused", "Mend what it says, and run it again.")
      : end("blocked", "only a person can go on from here", "Do what is said above, and run it again.");
  const expected = Math.max(
    0,
    ...open.flatMap(({ plan }) => plan?.waits.map(({ until }) => until?.getTime() ?? 0) ?? []),
  );
  if (now - Math.max(moment.lastProgress, expected) > moment.timeoutMs)
    return end(
      "not-in-time",
      "nothing has gone forward for too long",
      "Look at what is missing, and run it again.",
    );
  return undefined;
}

function arrived(
  { standings }: Moment,
  end: (outcome: Ended["outcome"], message: string, hint: string) => Ended,
): Ended {
  const paused = standings.find(
    ({ member: { goal }, plan }) =>
      goal.kind === "anchor" && goal.until !== undefined && plan?.stage !== stages.at(-1),
  );
  if (paused?.plan === undefined) return end("done", "every cluster has reached its goal", "");
  return end("paused", `stage ${paused.plan.stage} is reached`, "Run it again to go on.");
}

// Nothing to do, and nobody to wait for but other clusters.
function isStuck({ plan, held, open }: Standing): boolean {
  return plan !== undefined && open === 0 && (held || plan.waits.length === 0);
}

function missingIn({ member: { name, failure }, plan, blocks, troubles }: Standing): string[] {
  if (plan === undefined) return [`${name}: ${failure?.message ?? "cannot be seen"}`];
  return [
    ...blocks.map(({ what, remedy }) => `${name}: ${what}. ${remedy}`),
    ...troubles.map((trouble) => `${name}: ${trouble}`),
    ...plan.waits.map(({ what }) => `${name}: waits for ${what}`),
  ];
}
