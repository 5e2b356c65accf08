// What goes wrong for proxies, as nobody in the mesh can see at once.
import type { Step } from "../../../../trust/rotation/plan.ts";
import type { Cluster, Pod, World } from "./cluster.ts";
import { type Name, namesOf, trusts } from "./pki.ts";

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

export interface Foreseen {
  readonly cluster: Cluster;
  readonly step: Step;
  /** What a new issuer chains to. */
  readonly incoming: Name;
}

/** Who refuses whom, or would as soon as a pod is made or a leaf renewed; after a step, with all that it may bring about. */
export function hazards(world: World, planned?: Foreseen): Set<string> {
  const signed = new Set<Name>();
  for (const { pod } of running(world)) {
    if (pod.leaf !== undefined) signed.add(pod.leaf.of);
    if (pod.signs !== undefined) signed.add(pod.signs.of);
  }
  const [where, step, incoming] = [planned?.cluster, planned?.step, planned?.incoming];
  if (step?.kind === "write-issuer" && incoming) signed.add(incoming);
  if (step?.kind === "restart-component" && step.component === "identity" && where?.secret)
    if (trusts(where.bundle, where.secret.issuer.of)) signed.add(where.secret.issuer.of);
  const found = new Set<string>();
  const ask = (who: string, names: readonly Name[]) => {
    for (const of of signed) if (!trusts(names, of)) found.add(`${who} refuses leaves of ${of}`);
  };
  for (const { who, pod } of running(world)) ask(who, pod.names);
  for (const cluster of world.clusters) {
    const written =
      cluster === where && step?.kind === "write-bundle" ? namesOf(step.anchors) : cluster.bundle;
    ask(`a new pod in ${cluster.name}`, written);
  }
  return found;
}
