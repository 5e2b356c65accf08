import { named } from "../naming.ts";
import { identityOf, refreshControlPlane } from "./control-plane.ts";
import type { IssuerGoal } from "./goal.ts";
import { withoutIdentity } from "./hindrances.ts";
import { inUse } from "./issuer-proof.ts";
import { inTurn, isDone, nothing, type Part } from "./part.ts";
import type { Plan } from "./plan.ts";
import { stageOf } from "./stage-of.ts";
import type { RotationView } from "./view.ts";
import { writeIssuer } from "./write-steps.ts";

/** Another issuer under an anchor that all trust: written, and proven to be in use. Leaves come anew by themselves. */
export function planIssuer(view: RotationView, goal: IssuerGoal): Plan {
  const stage = stageOf(view, goal);
  const { issuer, workloads, ways } = view;
  const done = stage === "renewed";
  const why = unloadable(view);
  const left = done
    ? nothing
    : inTurn(
        // An identity that cannot start with what is there waits for what is written, and not the other way round.
        () => (stage === "overlapped" && why !== undefined ? writeIssuer(ways, why) : nothing),
        () => (stage === "reissued" ? startAnew(view) : nothing),
        () => withoutIdentity(view) ?? nothing,
        // Nobody else reads the issuer: what ails the others is no reason to let it expire.
        () =>
          refreshControlPlane(
            view.controlPlane.filter(({ name }) => name === "identity"),
            { stale: () => false, why: "" },
          ),
        () => (stage === "overlapped" ? writeIssuer(ways, "the issuer is to be renewed") : nothing),
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

/** Why an identity that starts now could not load what is there. */
function unloadable({ issuer, now }: RotationView): string | undefined {
  if (issuer === undefined) return "there is no issuer that can be read";
  return issuer.certificate.notAfter < now ? "the issuer has expired" : undefined;
}

/** An identity that failed before the write may be left alone for minutes before it is tried again. */
function startAnew(view: RotationView): Part {
  const identity = identityOf(view);
  const written = view.issuer?.changedAt;
  if (identity === undefined || identity.oldestPodAt !== undefined) return nothing;
  if (identity.rollout.state === "done" || written === undefined) return nothing;
  const why = "it could not start with the issuer before";
  return refreshControlPlane([identity], { stale: () => true, why, brokenUnlessRestarted: written });
}
