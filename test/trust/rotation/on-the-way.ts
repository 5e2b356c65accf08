// Meshes on their way from the old anchor to the next, stage by stage, and what they are made of.
import { plan } from "../../../trust/rotation/planner.ts";
import type { RotationView, Workload } from "../../../trust/rotation/view.ts";
import { told } from "./told.ts";
import { ago, controlPlane, goal, group, issuers, live, next, old, view, workload } from "./views.ts";

export const overlapping = view({ bundle: { anchors: [old, next], changedAt: ago(60) } });

/** Everything but the workloads trusts both. */
export const fresh = {
  bundle: { anchors: [old, next], changedAt: ago(60) },
  controlPlane: controlPlane(ago(55)),
  injects: { anchors: [old, next], at: ago(50) },
};
export const overlapped = view({
  ...fresh,
  workloads: [workload("emojivoto/deploy/web", [group([old, next], ago(40))])],
});
export const reissued = { ...overlapped, issuer: live(issuers.next, ago(30)) };
export const released = {
  ...reissued,
  controlPlane: controlPlane(ago(20)),
  injects: { anchors: [old, next], at: ago(20) },
  workloads: [workload("emojivoto/deploy/web", [group([old, next], ago(15))])],
};

/** Trusts the old anchor alone, unless it is told otherwise. */
export const web = (more: Partial<Workload>, anchors = [old]) =>
  workload("a/deploy/web", [group(anchors)], more);
export const both = workload("a/deploy/both", [group([old, next], ago(40))]);

/** The plan for these workloads, where all else trusts both. */
export const waved = (workloads: readonly Workload[], more: Partial<RotationView> = {}) =>
  told(plan(view({ ...fresh, workloads, ...more }), goal));

export const short = ({ fingerprint }: { readonly fingerprint: string }) => fingerprint.slice(0, 8);
