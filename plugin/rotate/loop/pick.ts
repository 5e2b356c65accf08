import type { Plan, Step } from "../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";

export interface Pace {
  /** How many workloads of a cluster may be rolling at once because of us. */
  readonly maxParallel: number;
  /** These namespaces first, in this order. */
  readonly namespaceOrder: readonly string[];
}

/** What this run has begun in a cluster. */
export interface Begun {
  /** Keys of the steps that are under way. */
  readonly underWay: ReadonlySet<string>;
  /** This run has begun this step, now or before. */
  isOurs(step: Step): boolean;
}

/**
 * The steps of a plan that may begin now. Restarts of workloads go side by
 * side, as one is done the next begins; all else is done alone. A workload that
 * rolls for reasons of its own takes nobody's place: it may do so for ever.
 */
export function pick(plan: Plan, view: RotationView, { underWay, isOurs }: Begun, pace: Pace): Step[] {
  const [first] = plan.steps;
  if (first === undefined) return [];
  if (first.kind !== "restart-workload") return underWay.size === 0 ? [first] : [];
  if ([...underWay].some((key) => !key.startsWith("restart-workload"))) return [];
  const changedAt = latestChange(view);
  const rolling = view.workloads.filter(({ id: workload, rollout: { state, restartedAt } }) => {
    if (state !== "rolling") return false;
    const since = changedAt !== undefined && restartedAt !== undefined && restartedAt > changedAt;
    return since || isOurs({ kind: "restart-workload", workload, why: "" });
  });
  const free = pace.maxParallel - rolling.length - underWay.size;
  if (free <= 0) return [];
  const restarts = plan.steps.filter((step) => step.kind === "restart-workload");
  const place = ({ workload }: { readonly workload: string }) => {
    const index = pace.namespaceOrder.indexOf(workload.slice(0, workload.indexOf("/")));
    return index < 0 ? pace.namespaceOrder.length : index;
  };
  return restarts
    .filter((step) => !underWay.has(keyOf(step)))
    .sort((a, b) => place(a) - place(b))
    .slice(0, free);
}

function latestChange({ bundle, issuer }: RotationView): Date | undefined {
  const [one, other] = [bundle?.changedAt, issuer?.changedAt];
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

/** What tells a step from another one of the same cluster. */
export function keyOf(step: Step): string {
  switch (step.kind) {
    case "restart-workload":
      return `${step.kind} ${step.workload}`;
    case "restart-component":
      return `${step.kind} ${step.component}`;
    case "write-bundle":
      return `${step.kind} ${step.anchors.map(({ fingerprint }) => fingerprint).join()}`;
    default:
      return step.kind;
  }
}
