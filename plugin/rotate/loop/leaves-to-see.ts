import type { Plan } from "../../../trust/rotation/plan.ts";
import type { LiveIssuer, RotationView } from "../../../trust/rotation/view.ts";

/** By whom a look is taken: a member of the loop, or an observer. */
interface Looking {
  lookAtLeaves?(workloads: ReadonlySet<string>, issuer: LiveIssuer): void;
}

/**
 * Where nothing is left between a mesh and the end of its old leaves but pods
 * that nobody will restart, the leaves that they serve are looked at.
 */
export function lookAtLeaves(view: RotationView | undefined, plan: Plan | undefined, by: Looking): void {
  if (plan?.stage !== "reissued" || plan.steps.length > 0 || view?.issuer?.inUse === undefined) return;
  const asked = new Set([...plan.blocks, ...plan.waits].map(({ workload }) => workload));
  const fixed = view.workloads.filter(({ id, restartable }) => restartable !== true && asked.has(id));
  if (fixed.length > 0) by.lookAtLeaves?.(new Set(fixed.map(({ id }) => id)), view.issuer);
}
