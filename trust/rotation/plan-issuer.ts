import { named } from "../naming.ts";
import { refreshControlPlane } from "./control-plane.ts";
import type { IssuerGoal } from "./goal.ts";
import { withoutIdentity } from "./hindrances.ts";
import { inUse } from "./issuer-proof.ts";
import { inTurn, isDone, nothing } from "./part.ts";
import type { Plan } from "./plan.ts";
import { stageOf } from "./stage-of.ts";
import type { RotationView } from "./view.ts";
import { writeIssuer } from "./write-steps.ts";

/** Another issuer under an anchor that all trust: written, and proven to be in use. Leaves come anew by themselves. */
export function planIssuer(view: RotationView, goal: IssuerGoal): Plan {
  const stage = stageOf(view, goal);
  const { issuer, workloads } = view;
  const done = stage === "renewed";
  const left = done
    ? nothing
    : inTurn(
        () => withoutIdentity(view) ?? nothing,
        () => refreshControlPlane(view.controlPlane, { stale: () => false, why: "" }),
        () => (stage === "overlapped" ? writeIssuer(view.ways, "the issuer is to be renewed") : nothing),
        () => inUse(view),
      );
  const { since, evidence = "" } = issuer?.inUse ?? {};
  return {
    stage,
    done: done && isDone(left),
    ...left,
    evidence:
      done && issuer && since
        ? [`identity signs with ${named(issuer.certificate)} since ${since.toISOString()}: ${evidence}`]
        : [],
    progress: { done: done ? workloads.length : 0, of: workloads.length },
  };
}
