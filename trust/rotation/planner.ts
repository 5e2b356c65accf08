import type { Goal } from "./goal.ts";
import type { Plan } from "./plan.ts";
import { planAnchor } from "./plan-anchor.ts";
import { planIssuer } from "./plan-issuer.ts";
import { planRecovery } from "./plan-recovery.ts";
import type { RotationView } from "./view.ts";

/** What other clusters that share an anchor let this one do. */
export interface Permitted {
  /** All of them trust the incoming anchor. */
  readonly reissue: boolean;
  /** No leaf in use in any of them chains to the outgoing one. */
  readonly drop: boolean;
}

/**
 * What comes next, from what is seen of one cluster and what is wanted of it.
 * It remembers nothing: asked again after a step, a crash or a stranger's
 * write, it goes on from there. For several clusters see planFleet.
 */
export function plan(
  view: RotationView,
  goal: Goal,
  permitted: Permitted = { reissue: true, drop: true },
): Plan {
  if (goal.kind === "issuer") return planIssuer(view, goal);
  if (goal.kind === "recovery") return planRecovery(view, goal);
  const trust = "other clusters to trust the incoming anchor";
  return planAnchor(view, goal, {
    ...(permitted.reissue ? {} : { reissue: trust, takeUp: trust }),
    ...(permitted.drop ? {} : { drop: "other clusters to be rid of leaves of the outgoing anchor" }),
  });
}
