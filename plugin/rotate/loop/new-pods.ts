import type { Standing } from "./standing.ts";

/**
 * Whether a pod was made that is newer than all before, of a workload that the
 * stage is not done with: a large one that is rolled out pod by pod goes
 * forward, and one whose containers crash and start for ever does not. To be
 * asked of everything that is seen, in its order.
 */
export function newPods(): (standing: Standing) => boolean {
  const newest = new Map<string, number>();
  return ({ member: { name }, view, plan }) => {
    if (view === undefined || plan === undefined) return false;
    const left = new Set(plan.left);
    const made = view.workloads.flatMap(({ id, proxies }) =>
      left.has(id) ? proxies.map(({ newestAt }) => newestAt.getTime()) : [],
    );
    const last = made.reduce((a, b) => Math.max(a, b), 0);
    const before = newest.get(name);
    newest.set(name, Math.max(last, before ?? 0));
    return before !== undefined && last > before;
  };
}
