import { refreshControlPlane } from "./control-plane.ts";
import { inTurn, type Part, part } from "./part.ts";
import type { RotationView, Workload } from "./view.ts";

/**
 * Who was restarted since the bundle last changed and is not all there yet:
 * nobody is stale any more, and the last roll-outs may still fail. Roll-outs of
 * others' making are not waited for.
 */
export function settling(view: RotationView): Part {
  return inTurn(
    () => refreshControlPlane(view.controlPlane, { stale: () => false, why: "" }),
    () => lastRollouts(view),
  );
}

function lastRollouts({ workloads, bundle }: RotationView): Part {
  const since = bundle?.changedAt;
  const ours = ({ rollout, restartable }: Workload) =>
    restartable === true &&
    rollout.state !== "done" &&
    since !== undefined &&
    rollout.restartedAt !== undefined &&
    rollout.restartedAt > since;
  const left = workloads.filter(ours);
  return part({
    waits: left
      .filter(({ rollout }) => rollout.state === "rolling")
      .map(({ id: workload }) => ({ what: `${workload} to be rolled out`, workload })),
    blocks: left
      .filter(({ rollout }) => rollout.state === "failed")
      .map(({ id: workload, rollout: { trouble } }) => ({
        what: `${workload} does not come up${trouble === undefined ? "" : `: ${trouble}`}`,
        remedy: "Mend it or roll it back; its proxies that run hold the new anchor alone.",
        workload,
      })),
  });
}
