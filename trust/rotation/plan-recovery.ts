import { named } from "../naming.ts";
import { lacking, without } from "./anchors.ts";
import { identityOf, refreshControlPlane } from "./control-plane.ts";
import type { RecoveryGoal } from "./goal.ts";
import { inTurn, isDone, nothing, type Part, part } from "./part.ts";
import type { Plan } from "./plan.ts";
import { chains, injectorProven } from "./sight.ts";
import { unsoundAnchors } from "./soundness.ts";
import { stageOf } from "./stage-of.ts";
import type { Component, RotationView } from "./view.ts";
import { waveLeft } from "./wave.ts";
import { writeBundle, writeIssuer } from "./write-steps.ts";

/** Anchor and issuer at once, and then everything anew: what there was works no longer, so nothing waits for it. */
export function planRecovery(view: RotationView, goal: RecoveryGoal): Plan {
  const at = stageOf(view, goal);
  const left = inTurn(
    () => part({ blocks: unsoundAnchors(goal.incoming, view.now) }),
    () => notNeeded(view, goal),
    () => bundle(view, goal),
    () => issuer(view, goal),
    () => (at === "reissued" ? restarts(view, goal) : nothing),
  );
  const done = at === "reissued" && isDone(left);
  const { progress, left: unfinished } = wave(view, goal, newestWrite(view));
  return { stage: done ? "renewed" : at, done, ...left, evidence: [], progress, left: unfinished };
}

/** What works is rotated in good order. */
function notNeeded(view: RotationView, { incoming }: RecoveryGoal): Part {
  const { bundle, issuer, now } = view;
  if (bundle === undefined || issuer === undefined || chains(issuer, incoming, now)) return nothing;
  if (issuer.certificate.notAfter < now || !chains(issuer, bundle.anchors, now)) return nothing;
  // No identity, no leaves: only the restart of everything brings them back.
  if (identityOf(view)?.oldestPodAt === undefined) return nothing;
  return part({
    blocks: [
      {
        what: `issuer ${named(issuer.certificate)} and its anchor are in date, and identity runs: nothing has expired`,
        remedy: "Use `rotate anchor`, which loses no request.",
      },
    ],
  });
}

function bundle({ bundle, now, ways }: RotationView, { incoming }: RecoveryGoal): Part {
  const anchors = bundle?.anchors ?? [];
  // An expired anchor in a bundle does no good: identity refuses its issuers.
  const usable = without(
    anchors.filter(({ notAfter }) => notAfter >= now),
    incoming,
  );
  const wanted = [...usable, ...incoming];
  const same = without(wanted, anchors).length === 0 && without(anchors, wanted).length === 0;
  return same ? nothing : writeBundle(ways, wanted, anchors, "expired anchors out, the incoming one in");
}

function issuer(view: RotationView, { incoming }: RecoveryGoal): Part {
  const { issuer, now, ways } = view;
  if (chains(issuer, incoming, now) && issuer !== undefined && issuer.certificate.notAfter >= now)
    return nothing;
  return writeIssuer(ways, "no issuer there chains to an anchor in date");
}

function restarts(view: RotationView, goal: RecoveryGoal): Part {
  const written = newestWrite(view);
  if (written === undefined)
    return part({
      blocks: [
        {
          what: "the API server does not record when the trust bundle or the issuer was written",
          remedy: "Write both again: nobody can tell who has read them.",
        },
      ],
    });
  const stale = ({ oldestPodAt }: Component) => oldestPodAt !== undefined && oldestPodAt <= written;
  const why = "its pods are older than the new bundle and issuer";
  const { bundle } = view;
  return inTurn(
    () => refreshControlPlane(view.controlPlane, { stale, why, brokenUnlessRestarted: written }),
    () =>
      injectorProven(view) || bundle === undefined
        ? nothing
        : part({
            steps: [
              { kind: "prove-injector", anchors: bundle.anchors, why: "new pods must get the new bundle" },
            ],
          }),
    () => wave(view, goal, written),
  );
}

function wave(view: RotationView, { incoming }: RecoveryGoal, written: Date | undefined) {
  const identity = identityOf(view)?.oldestPodAt;
  const since = view.issuer?.inUse?.since ?? written;
  return waveLeft(view.workloads, {
    stale: ({ anchors, oldestAt }) =>
      lacking(anchors, incoming).length > 0 || since === undefined || oldestAt <= since,
    why: "its proxies need the new bundle, and a leaf of the new issuer",
    ...(identity === undefined ? {} : { brokenUnlessRestarted: identity }),
  });
}

function newestWrite({ bundle, issuer }: RotationView): Date | undefined {
  const [one, other] = [bundle?.changedAt, issuer?.changedAt];
  if (one === undefined || other === undefined) return undefined;
  return one > other ? one : other;
}
