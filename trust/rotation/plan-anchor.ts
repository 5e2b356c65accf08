import { few, named } from "../naming.ts";
import {
  forget,
  forgetWave,
  type Hold,
  held,
  leafWave,
  overlap,
  overlapWave,
  proveInjector,
  renewLeaves,
  type Work,
} from "./anchor-work.ts";
import { without } from "./anchors.ts";
import { refreshControlPlane } from "./control-plane.ts";
import { evidenceOf } from "./evidence.ts";
import type { AnchorGoal } from "./goal.ts";
import { hindrances } from "./hindrances.ts";
import { inUse } from "./issuer-proof.ts";
import { inTurn, isDone, nothing, type Part, part } from "./part.ts";
import type { Plan } from "./plan.ts";
import { settling } from "./settling.ts";
import { look, type Sight } from "./sight.ts";
import { unsoundAnchors } from "./soundness.ts";
import { stages } from "./stage.ts";
import { anchorStage, isEarly } from "./stage-of.ts";
import type { RotationView } from "./view.ts";
import type { WaveLeft } from "./wave.ts";
import { writeBundle, writeIssuer } from "./write-steps.ts";

/** From one anchor to another: the stage's own work, as far as it may be done now. */
export function planAnchor(view: RotationView, goal: AnchorGoal, hold: Hold = {}): Plan {
  const sight = look(view, goal, hold.needed);
  const stage = anchorStage(view, goal, sight);
  const work = { view, goal, sight, hold };
  const at = { stage, evidence: evidenceOf(view, goal, sight, stage), ...progressIn(work, stage) };
  const arrived = reached(goal, stage, sight) || stage === "renewed";
  if (arrived) {
    const last = stage === "renewed" ? settling(view) : nothing;
    return { ...at, ...last, done: isDone(last) };
  }
  const unsound = unsoundAnchors(goal.incoming, view.now);
  if (unsound.length > 0) return { ...at, ...part({ blocks: unsound }), done: false };
  return { ...at, ...next(work, stage), done: false };
}

function next(work: Work, stage: Plan["stage"]): Part {
  const { view, goal, sight, hold } = work;
  const hindered = hindrances(view, goal, sight, stage);
  if (!isDone(hindered)) return hindered;
  const { bundle, ways } = view;
  const anchors = bundle?.anchors ?? [];
  if (sight.missing.length > 0) {
    const why = `the mesh is to trust ${few(sight.missing.map(named))} before anything is signed by it`;
    return writeBundle(ways, [...anchors, ...sight.missing], anchors, why);
  }
  switch (stage) {
    case "settled":
    case "overlapping":
      return overlap(work);
    case "overlapped":
      return inTurn(
        () => held(hold.reissue),
        () => settledControlPlane(view),
        () => writeIssuer(ways, "everybody trusts the incoming anchor"),
      );
    case "reissued":
      return inTurn(
        // Whoever wrote it, and too early: identity is not made to take it up before all clusters trust it.
        () => (isEarly(sight) ? held(hold.takeUp) : nothing),
        () => inUse(view),
        () => proveInjector(work),
        () => renewLeaves(work),
      );
    case "released":
      return drop(work);
    default:
      return forget(work);
  }
}

function drop(work: Work): Part {
  return inTurn(
    () => held(work.hold.drop),
    () => guardsWait(work),
    () => dropNow(work),
  );
}

function dropNow({ view: { bundle, ways }, sight }: Work): Part {
  const anchors = bundle?.anchors ?? [];
  const why = `no leaf in use chains to ${few(sight.superfluous.map(named))}`;
  return writeBundle(ways, without(anchors, sight.superfluous), anchors, why);
}

/** Rule anchor-in-use-kept knows when pods started, and neither handshakes nor who cannot hold an old leaf. */
function guardsWait({ view, sight: { since, leaving } }: Work): Part {
  if (since === undefined || leaving.length === 0) return nothing;
  const until = new Date(since.getTime() + view.leafLifetimeMs);
  const written = view.issuer?.changedAt ?? since;
  const older = (made: Date | undefined) => made !== undefined && made <= written;
  const olderPods =
    view.controlPlane.some(({ oldestPodAt }) => older(oldestPodAt)) ||
    view.workloads.some(({ proxies }) => proxies.some(({ oldestAt }) => older(oldestAt)));
  if (!olderPods || view.now > until) return nothing;
  return part({
    waits: [{ what: "the guard, which sees pods older than the new issuer, and no handshakes", until }],
  });
}

/** Nothing is stale: what is still rolling is waited for, and what failed is told. */
function settledControlPlane({ controlPlane, issuer }: RotationView): Part {
  const able = controlPlane.filter(({ name }) => issuer !== undefined || name !== "identity");
  return refreshControlPlane(able, { stale: () => false, why: "" });
}

function progressIn(work: Work, stage: Plan["stage"]): Pick<Plan, "progress" | "left"> {
  const waves: Partial<Record<Plan["stage"], (work: Work) => WaveLeft>> = {
    settled: overlapWave,
    overlapping: overlapWave,
    reissued: leafWave,
    dropping: forgetWave,
  };
  const wave = waves[stage]?.(work);
  const all = work.view.workloads.length;
  return wave === undefined
    ? { progress: { done: all, of: all } }
    : { progress: wave.progress, left: wave.left };
}

/** A goal that goes no further than a stage is reached with it; an issuer, when identity signs with it. */
function reached({ until }: AnchorGoal, stage: Plan["stage"], { since }: Sight): boolean {
  if (until === undefined || stages.indexOf(stage) < stages.indexOf(until)) return false;
  return stage !== "reissued" || since !== undefined;
}
