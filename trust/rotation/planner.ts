import type { Goal } from "./goal.ts";
import type { Plan } from "./plan.ts";
import { planAnchor } from "./plan-anchor.ts";
import { planIssuer } from "./plan-issuer.ts";
import { planRecovery } from "./plan-recovery.ts";
import type { RotationView } from "./view.ts";

/**
 * What comes next, from what is seen of one cluster and what is wanted of it.
 * It remembers nothing: asked again after a step, a crash or a stranger's
 * write, it goes on from there. For several clusters see planFleet.
 */
export function plan(view: RotationView, goal: Goal): Plan {
  if (goal.kind === "issuer") return planIssuer(view, goal);
  return goal.kind === "recovery" ? planRecovery(view, goal) : planAnchor(view, goal);
}
