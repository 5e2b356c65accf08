// What goes wrong for proxies, as nobody in the mesh can see at once.
import type { Pod, World } from "./cluster.ts";
import { type Name, trusts } from "./pki.ts";

interface Running {
  readonly who: string;
  readonly pod: Pod;
}

/** Everything that runs now, those on their way out included. */
export function running({ clusters }: World): Running[] {
  return clusters.flatMap(({ name, works }) =>
    works.flatMap(({ id, pods }) => [...pods].map((pod) => ({ who: `${name}/${id}`, pod }))),
  );
}

/** Pairs of which one refuses the other's leaf, and leaves that have ended. */
export function troublesIn(world: World): string[] {
  const all = running(world).filter(({ pod }) => pod.leaf !== undefined);
  const leaves = new Map<Name, string>();
  for (const { who, pod } of all) if (pod.leaf) leaves.set(pod.leaf.of, who);
  const found = new Set<string>();
  for (const { who, pod } of all) {
    for (const [of, whose] of leaves)
      if (!trusts(pod.names, of)) found.add(`${who} refuses ${whose}'s leaf of ${of}`);
    if (pod.leaf && pod.leaf.endsAt < world.now) found.add(`the leaf of ${who} has ended`);
  }
  return [...found];
}
