import type { Failure } from "../../../cluster/failure.ts";
import type { Plan, Step } from "../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Listener } from "../progress.ts";
import type { Attempts } from "./attempts.ts";
import type { Member } from "./member.ts";
import { keyOf, type Pace, pick } from "./pick.ts";
import { runStep } from "./run-step.ts";
import { type Standing, standingsOf } from "./standing.ts";

/** The steps of all clusters that were begun and have not ended. */
export interface UnderWay {
  /** Begins what may begin now of a cluster's plan. */
  begin(standing: Standing): void;
  /** Whether there is any. */
  readonly busy: boolean;
  /** Returns when each has come to its end. */
  ended(): Promise<void>;
}

export interface UnderWayOptions extends Pace {
  readonly members: readonly Member[];
  readonly tries: Attempts;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** Called as a step is done, with the view it is done by. */
  begun(member: Member, step: Step, view: RotationView): void;
  /** Called when a step has ended, one way or another. */
  stepEnded(): void;
  /** Nothing more can be done, in any cluster. */
  fatal(failure: Failure): void;
}

export function underWay(options: UnderWayOptions): UnderWay {
  const { members, tries, clock, signal, listener } = options;
  const running = new Map<string, Promise<void>>();
  const begun = new Set<string>();
  const warned = new Set<string>();
  const interrupted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  let ids = 0;

  return {
    begin({ member, view, plan }) {
      if (view === undefined || plan === undefined) return;
      const prefix = `${member.name} `;
      const own = [...running.keys()].filter((key) => key.startsWith(prefix));
      const busy = new Set(own.map((key) => key.slice(prefix.length)));
      const isOurs = (step: Step) => begun.has(prefix + keyOf(step));
      const steps = plan.steps.filter((step) => isDue(plan, step, prefix));
      for (const step of pick({ ...plan, steps }, view, { underWay: busy, isOurs }, options))
        run(member, step, view);
    },
    get busy() {
      return running.size > 0;
    },
    async ended() {
      await Promise.allSettled(running.values());
    },
  };

  function run(member: Member, step: Step, view: RotationView): void {
    const key = `${member.name} ${keyOf(step)}`;
    const work = runStep({
      ...{ member, step, id: ++ids, key, tries, clock, signal, listener, warned },
      look: () => (isWrite(step) ? lookAgain(member, step) : Promise.resolve(view)),
      begun: (seen) => {
        begun.add(key);
        options.begun(member, step, seen);
      },
      fatal: options.fatal,
    });
    const end = work.finally(() => {
      running.delete(key);
      options.stepEnded();
    });
    running.set(key, end);
  }

  // Of restarts one may be tried without the other; all else is to be done in its order.
  function isDue({ steps: [first] }: Plan, step: Step, prefix: string): boolean {
    const asked = step.kind === "restart-workload" ? step : (first ?? step);
    return tries.due(prefix + keyOf(asked), clock().getTime());
  }

  // A watch may be silent for a minute and a half before it is missed. What cannot be undone is not decided on that.
  async function lookAgain(member: Member, step: Step): Promise<RotationView | undefined> {
    await Promise.race([Promise.all(members.map((one) => one.confirm())), interrupted]);
    const again = standingsOf(members, tries).find((one) => one.member === member);
    const [first] = again?.plan?.steps ?? [];
    return first !== undefined && keyOf(first) === keyOf(step) ? again?.view : undefined;
  }
}

const isWrite = ({ kind }: Step) => kind === "write-bundle" || kind === "write-issuer";
