import { Failure } from "../../../cluster/failure.ts";
import { passing } from "../../../cluster/rotation/perform/insist.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Listener, StepFailed } from "../progress.ts";
import type { Attempts } from "./attempts.ts";
import type { Member, Warn } from "./member.ts";

export interface Running {
  readonly member: Member;
  readonly step: Step;
  /** Of all steps of this run. */
  readonly id: number;
  /** Names the step among those of all clusters. */
  readonly key: string;
  readonly tries: Attempts;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** What was warned of before. */
  readonly warned: Set<string>;
  /** The view to do it by, looked at just before; undefined where it is not to be done any more. */
  look(): Promise<RotationView | undefined>;
  /** It is about to be done. */
  begun(view: RotationView): void;
  /** Nothing more can be done, in any cluster. */
  fatal(failure: Failure): void;
}

/** Does one step, and tells what becomes of it. Never throws. */
export async function runStep(running: Running): Promise<void> {
  const { member, step, id, key, tries, clock, signal, listener } = running;
  const now = () => clock().getTime();
  const began = now();
  const told = () => ({ at: clock(), cluster: member.name, id, step });
  const timed = () => ({ ...told(), ms: now() - began });
  const failed = (more: Pick<StepFailed, "message" | "hint" | "again">) =>
    listener({ kind: "step-failed", ...timed(), ...more });
  const warn: Warn = (message, hint) => {
    const key = `${member.name} ${message}`;
    if (running.warned.has(key)) return;
    running.warned.add(key);
    listener({ kind: "warning", at: clock(), cluster: member.name, message, hint });
  };
  let announced = false;
  const announce = () => {
    if (!announced) listener({ kind: "step-begun", ...told() });
    announced = true;
  };

  try {
    const view = await running.look();
    if (view === undefined || signal.aborted) return;
    await member.permit();
    announce();
    running.begun(view);
    const outcome = await member.perform(step, view, signal, warn);
    switch (outcome.outcome) {
      case "done":
        tries.succeeded(key, now());
        return listener({ kind: "step-done", ...timed(), sentence: outcome.sentence });
      case "again":
        tries.failed(key, outcome.why, now());
        return failed({ message: outcome.why, hint: "It is looked at again.", again: true });
      case "refused":
        return refuse(outcome.message, outcome.hint);
    }
  } catch (error) {
    if (signal.aborted && !announced) return;
    announce();
    const lost = member.lost?.();
    if (lost !== undefined) running.fatal(lost);
    const failure = error instanceof Failure ? error : unexpected(error);
    if (error instanceof Failure && passing(failure)) {
      tries.failed(key, failure.message, now());
      return failed({ message: failure.message, hint: failure.hint, again: true });
    }
    if (!(error instanceof Failure) || failure.status === 401) running.fatal(failure);
    refuse(failure.message, failure.hint);
  }

  function refuse(message: string, hint: string): void {
    const workload = step.kind === "restart-workload" ? { workload: step.workload } : {};
    tries.refused(key, { what: message, remedy: hint, ...workload }, now());
    failed({ message, hint, again: false });
  }
}

function unexpected(cause: unknown): Failure {
  return new Failure(
    "the rotation met something that it was not made for",
    "Report this, with the version.",
    { cause },
  );
}
