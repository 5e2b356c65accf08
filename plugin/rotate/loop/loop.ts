import type { Failure } from "../../../cluster/failure.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Ended, Happening, Listener } from "../progress.ts";
import { attempts } from "./attempts.ts";
import { awaited } from "./awaited.ts";
import { bell } from "./bell.ts";
import { ending } from "./ending.ts";
import { headway } from "./headway.ts";
import { lookAtLeaves } from "./leaves-to-see.ts";
import type { Member } from "./member.ts";
import { newPods } from "./new-pods.ts";
import type { Pace } from "./pick.ts";
import { standingsOf } from "./standing.ts";
import { type Teller, teller } from "./tell.ts";
import { underWay } from "./under-way.ts";

export interface LoopOptions extends Pace {
  readonly members: readonly Member[];
  /** Linkerd's own. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly random: () => number;
  /** How long it goes on without any progress, in milliseconds. */
  readonly timeoutMs: number;
  /** Goes on while a person has to do something first. */
  readonly wait: boolean;
  /** Ctrl-C: what is under way is brought to its end, and nothing new begun. */
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** Changes come in swarms: they are looked at together, at most every 100 ms unless this says otherwise. */
  readonly betweenMs?: number;
}

/** Some plans change with time alone. */
const tickMs = 1_000;

/**
 * Looks, plans, does what may be done, waits for a change, and looks again,
 * until every cluster has reached its goal, or only a person can help, or
 * nothing has gone forward for too long, or it is interrupted. It remembers
 * nothing that a cluster shows, so that it may be ended at any moment and begun
 * again anywhere. Never throws: what ended it is its answer, and the last
 * thing that the listener is told.
 */
export async function rotate(options: LoopOptions): Promise<Ended> {
  const { members, namespace, clock, random, signal, betweenMs = 100 } = options;
  const now = () => clock().getTime();
  const tries = attempts(random);
  const woken = bell();
  const tellers = new Map<Member, Teller>(members.map((one) => [one, teller(namespace, now)]));
  let fatal: Failure | undefined;
  const isForward = headway();
  const madePods = newPods();
  const lastEnd = awaited();
  let lastProgress = now();
  const listener = (happening: Happening) => {
    if (isForward(happening)) lastProgress = now();
    options.listener(happening);
  };
  const steps = underWay({
    ...{ ...options, tries, listener, stepEnded: woken.ring },
    begun: (member, step, view) => tellers.get(member)?.restarting(restartedBy(step, view, namespace), now()),
    fatal: (failure) => {
      fatal = failure;
    },
  });

  const ends = members.map((one) => one.onChange(woken.ring));
  signal.addEventListener("abort", woken.ring);
  try {
    while (true) {
      const standings = standingsOf(members, tries);
      for (const one of standings) tellers.get(one.member)?.tell(one, clock(), listener);
      fatal ??= standings.map(({ member }) => member.lost?.()).find((failure) => failure !== undefined);
      if (standings.map(madePods).includes(true)) lastProgress = now();
      lastProgress = Math.max(lastProgress, lastEnd(standings, now()));
      for (const { view, plan, member } of standings) lookAtLeaves(view, plan, member);
      // Where proxies do not answer, there is always another one to ask.
      const inTime = now() - lastProgress <= options.timeoutMs;
      const busy = steps.busy || (inTime && members.some(({ looking }) => looking));
      const end = ending({ ...options, standings, busy, lastProgress, now: now(), fatal });
      if (end !== undefined) {
        await steps.ended();
        listener(end);
        return end;
      }
      standings.forEach(steps.begin);
      await woken.next(tickMs);
      await woken.quiet(betweenMs);
    }
  } finally {
    for (const end of ends) end();
    signal.removeEventListener("abort", woken.ring);
  }
}

function restartedBy(step: Step, view: RotationView, namespace: string): string | undefined {
  if (step.kind === "restart-workload") return step.workload;
  if (step.kind !== "restart-component") return undefined;
  const component = view.controlPlane.find(({ name }) => name === step.component);
  return component && `${namespace}/${component.workload}`;
}
