import { few, moment } from "../naming.ts";
import type { Certificate } from "../x509/index.ts";
import { madeBefore, refreshControlPlane } from "./control-plane.ts";
import type { AnchorGoal } from "./goal.ts";
import { inTurn, nothing, type Part, part } from "./part.ts";
import type { Sight } from "./sight.ts";
import { isEarly } from "./stage-of.ts";
import type { Component, RotationView } from "./view.ts";
import { waveLeft } from "./wave.ts";
import { writeIssuer } from "./write-steps.ts";

/** What keeps a cluster at a barrier: for whom it waits, and what other clusters' leaves need. */
export interface Hold {
  readonly reissue?: string;
  /** … before an issuer that was written too early is taken up. */
  readonly takeUp?: string;
  readonly drop?: string;
  readonly needed?: readonly Certificate[];
}

/** One cluster's situation, as all parts of a plan look at it. */
export interface Work {
  readonly view: RotationView;
  readonly goal: AnchorGoal;
  readonly sight: Sight;
  readonly hold: Hold;
}

/** Until everybody running trusts the incoming anchor: control plane, the injector's proof, workloads. */
export function overlap(work: Work): Part {
  const { view, sight, hold } = work;
  if (sight.issuer === "missing") return overlapWithoutIssuer(work);
  const why = "its pods are older than the trust bundle, which they read as they start";
  const refresh = { stale: sight.componentLacks, why };
  const early = isEarly(sight);
  const others = view.controlPlane.filter(({ name }) => name !== "identity");
  return inTurn(
    () => refreshControlPlane(early ? others : view.controlPlane, refresh),
    () => proveInjector(work),
    () => overlapWave(work),
    () => (early ? held(hold.takeUp) : nothing),
    () => refreshControlPlane(view.controlPlane, refresh),
  );
}

// All hold the incoming anchor, or it would be hindered. Without a Secret no identity comes up, and without that
// no injector: then the Secret comes first. The injector's pods are newer than the bundle in any case.
function overlapWithoutIssuer(work: Work): Part {
  const { controlPlane, ways } = work.view;
  const injector = controlPlane.find(({ name }) => name === "proxy-injector");
  if (injector === undefined || injector.rollout.state === "done") return proveInjector(work);
  return inTurn(
    () => held(work.hold.reissue),
    () => writeIssuer(ways, "everybody trusts the incoming anchor, and nobody can sign"),
  );
}

export const overlapWave = ({ view, sight }: Work) =>
  waveLeft(view.workloads, {
    stale: sight.groupLacks,
    why: "its proxies do not trust the incoming anchor",
    ignored: sight.isForeign,
    ...(view.injects === undefined ? {} : { injectedSince: view.injects.at }),
  });

/** Until no leaf of the old issuer is in use: by restarts, or by waiting. */
export function renewLeaves(work: Work): Part {
  const { view, goal, sight } = work;
  const leavesEnd = leavesEndAt(work);
  if (goal.leaves === "wait")
    return part({ waits: [{ what: "the last leaf of the old issuer to end", until: leavesEnd }] });
  const why = "its pods may hold a leaf of the old issuer";
  return inTurn(
    () => refreshControlPlane(view.controlPlane, { stale: sight.componentLeafMayBeOld, why }),
    () => leafWave(work),
  );
}

export const leafWave = (work: Work) =>
  waveLeft(work.view.workloads, {
    stale: work.sight.groupLeafMayBeOld,
    why: "its proxies may hold a leaf of the old issuer",
    otherwise: `Or wait until ${moment(leavesEndAt(work))}: by then they have a new one.${hidden(work)}`,
  });

function hidden({ view: { leavesHiddenIn = [] } }: Work): string {
  return leavesHiddenIn.length === 0
    ? ""
    : ` It may have one sooner, which your account may not look at: get and create pods/portforward in ${few(leavesHiddenIn)}.`;
}

/** Until nobody running holds the anchor that has left the bundle. */
export function forget(work: Work): Part {
  const { view } = work;
  const stale = (one: Component) => madeBefore(one, view.bundle?.changedAt);
  return inTurn(
    () => refreshControlPlane(view.controlPlane, { stale, why: "its pods still hold the old anchor" }),
    () => proveInjector(work),
    () => forgetWave(work),
  );
}

export const forgetWave = ({ view, sight, goal }: Work) =>
  waveLeft(view.workloads, {
    stale: (group) => !goal.lazy && sight.holdsLeaving(group),
    why: "its proxies still hold the old anchor",
    ...(view.injects === undefined ? {} : { injectedSince: view.injects.at }),
  });

/** Pods by dry-run show what new ones get, unless they have shown it. */
export function proveInjector({ view: { bundle }, sight }: Work): Part {
  if (sight.injectorProven || bundle === undefined) return nothing;
  const why = "new pods must get the bundle as it is now, before anybody is restarted";
  return part({ steps: [{ kind: "prove-injector", anchors: bundle.anchors, why }] });
}

const leavesEndAt = ({ view, sight }: Work) =>
  new Date((sight.since ?? view.now).getTime() + view.leafLifetimeMs);

export const held = (what: string | undefined): Part =>
  what === undefined ? nothing : part({ waits: [{ what }] });
