import { without } from "./anchors.ts";
import { madeBefore } from "./control-plane.ts";
import type { AnchorGoal, Goal, IssuerGoal, RecoveryGoal } from "./goal.ts";
import { chains, look, type Sight } from "./sight.ts";
import type { Stage } from "./stage.ts";
import type { RotationView } from "./view.ts";

/** Where a cluster stands on the way to a goal. */
export function stageOf(view: RotationView, goal: Goal): Stage {
  if (goal.kind === "anchor") return anchorStage(view, goal, look(view, goal));
  return goal.kind === "issuer" ? issuerStage(view, goal) : recoveryStage(view, goal);
}

/** The first gate that does not hold yet tells the stage. */
export function anchorStage(view: RotationView, goal: AnchorGoal, sight: Sight): Stage {
  const groups = view.workloads.flatMap(({ proxies }) => proxies);
  const moved = sight.issuer === "incoming";
  const lacksIncoming = without(goal.incoming, view.bundle?.anchors ?? []).length > 0;
  if (lacksIncoming)
    return moved || !groups.every((one) => sight.groupLacks(one)) ? "overlapping" : "settled";
  if (!everybodyTrusts(view, sight)) return "overlapping";
  if (!moved) return "overlapped";
  if (sight.since === undefined || leavesMayBeOld(view, sight)) return "reissued";
  if (sight.superfluous.length > 0) return "released";
  if (view.controlPlane.some((one) => madeBefore(one, view.bundle?.changedAt))) return "dropping";
  return !goal.lazy && groups.some(sight.holdsLeaving) ? "dropping" : "renewed";
}

/** Everybody running trusts the incoming anchors. */
export function everybodyHolds(view: RotationView, sight: Sight): boolean {
  if (view.controlPlane.some(sight.componentLacks)) return false;
  return view.workloads.every(({ restartable, proxies }) =>
    proxies.every((group) => !sight.groupLacks(group) || (restartable !== true && sight.isForeign(group))),
  );
}

/** … and so will who comes next. */
function everybodyTrusts(view: RotationView, sight: Sight): boolean {
  // Once identity signs by it, a proof that was lost is made again, and takes nobody back.
  return everybodyHolds(view, sight) && (sight.injectorProven || sight.since !== undefined);
}

/**
 * An issuer of the incoming anchor is in the Secret, and identity has not taken
 * it up: it will as it starts, so it is not to start before all others trust it.
 */
export function isEarly({ issuer, since }: Sight): boolean {
  return issuer === "incoming" && since === undefined;
}

/** Identity alone is left to be restarted, and takes up an issuer of the incoming anchor by that. */
export function onlyIdentityLeft(view: RotationView, sight: Sight): boolean {
  const others = view.controlPlane.filter(({ name }) => name !== "identity");
  return isEarly(sight) && everybodyTrusts({ ...view, controlPlane: others }, sight);
}

function leavesMayBeOld(view: RotationView, sight: Sight): boolean {
  return (
    view.controlPlane.some(sight.componentLeafMayBeOld) ||
    view.workloads.some(({ proxies }) => proxies.some(sight.groupLeafMayBeOld))
  );
}

function issuerStage({ issuer }: RotationView, { replaces }: IssuerGoal): Stage {
  if (issuer === undefined || issuer.certificate.fingerprint === replaces) return "overlapped";
  return issuer.inUse === undefined ? "reissued" : "renewed";
}

function recoveryStage(view: RotationView, { incoming }: RecoveryGoal): Stage {
  const { bundle, issuer, now } = view;
  const usable = bundle?.anchors.every(({ notAfter }) => notAfter >= now) === true;
  if (!usable || without(incoming, bundle?.anchors ?? []).length > 0) return "settled";
  if (!chains(issuer, incoming, now)) return "overlapping";
  return "reissued";
}
