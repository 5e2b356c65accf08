import type { Plan, Step } from "../../trust/rotation/plan.ts";
import type { RotationView } from "../../trust/rotation/view.ts";

export interface Pace {
  /** How many workloads of a cluster may be rolling at once. */
  readonly maxParallel: number;
  /** These namespaces first, in this order. */
  readonly namespaceOrder: readonly string[];
}

/**
 * The steps of a plan that may begin now, where those with these keys are under
 * way. Restarts of workloads go side by side, as one is done the next begins;
 * all else is done alone.
 */
export function pick(plan: Plan, view: RotationView, underWay: ReadonlySet<string>, pace: Pace): Step[] {
  const [first] = plan.steps;
  if (first === undefined) return [];
  if (first.kind !== "restart-workload") return underWay.size === 0 ? [first] : [];
  if ([...underWay].some((key) => !key.startsWith("restart-workload"))) return [];
  const rolling = view.workloads.filter(({ rollout }) => rollout.state === "rolling").length;
  const free = pace.maxParallel - rolling - underWay.size;
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
