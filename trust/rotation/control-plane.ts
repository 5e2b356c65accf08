import { nothing, type Part, part } from "./part.ts";
import type { Component, RotationView } from "./view.ts";

/** Who hands out leaves comes first, then who injects, then who tells where to go. */
const order: readonly string[] = ["identity", "proxy-injector", "destination"];

export interface Refresh {
  readonly stale: (component: Component) => boolean;
  /** Why a stale one is restarted, after its name: "so that it reads the new bundle". */
  readonly why: string;
  /** Nothing works: what fails or is rolling is restarted all the same, unless it was since then. */
  readonly brokenUnlessRestarted?: Date;
}

/** Restarts what is stale of the control plane, one component after the other, each only when the one before it is back. */
export function refreshControlPlane(
  components: readonly Component[],
  { stale, why, brokenUnlessRestarted: since }: Refresh,
): Part {
  for (const one of inOrder(components)) {
    const { name, workload, rollout, terminating } = one;
    const old = stale(one);
    const restart = part({ steps: [{ kind: "restart-component", component: name, why }] });
    const { state, restartedAt } = rollout;
    const restarted = since === undefined || (restartedAt !== undefined && restartedAt > since);
    if (old && state !== "done" && !restarted) return restart;
    if (state === "failed") return part({ blocks: [failed(one)] });
    if (state === "rolling") return part({ waits: [{ what: `${workload} to be rolled out`, workload }] });
    if (old && terminating)
      return part({ waits: [{ what: `the last old pod of ${workload} to end`, workload }] });
    if (old) return restart;
  }
  return nothing;
}

/** All of it, in the order of work. */
function inOrder(components: readonly Component[]): Component[] {
  const place = ({ name }: Component) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...components].sort((a, b) => place(a) - place(b));
}

/** Undefined where nothing of it is in sight. */
export function identityOf({ controlPlane }: RotationView): Component | undefined {
  return controlPlane.find(({ name }) => name === "identity");
}

function failed({ workload, rollout }: Component) {
  const why = rollout.trouble === undefined ? "" : `: ${rollout.trouble}`;
  return {
    what: `${workload} does not come up${why}`,
    remedy: `See what its pods say (kubectl describe), mend it, and go on when it is available.`,
    workload,
  };
}

/** Its pods may be older than that; nothing is guessed where it is not recorded. */
export function madeBefore({ oldestPodAt }: Component, at: Date | undefined): boolean {
  return at !== undefined && oldestPodAt !== undefined && oldestPodAt <= at;
}
