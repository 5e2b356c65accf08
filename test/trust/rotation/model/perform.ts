// The executor, reduced to what it does to a mesh. It remembers what it proved, and loses that when it is killed.
import assert from "node:assert/strict";
import type { Step } from "../../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../../trust/rotation/view.ts";
import type { Cluster, World } from "./cluster.ts";
import { refusedBy } from "./guard.ts";
import { type Issuer, issuers, type Name, namesOf } from "./pki.ts";
import { announceBundle, announceIssuer, nextSecond } from "./time.ts";

/** Does one step of a plan for a cluster; `incoming` is what a new issuer is signed by. */
export function perform(world: World, cluster: Cluster, step: Step, incoming: Name): void {
  switch (step.kind) {
    case "write-bundle": {
      const bundle = namesOf(step.anchors);
      assert.deepEqual(refusedBy(world, cluster, { bundle }), [], `the guard refuses ${bundle}`);
      putBundle(world, cluster, bundle);
      break;
    }
    case "write-issuer": {
      const issuer = freshIssuer(cluster, incoming);
      assert.deepEqual(refusedBy(world, cluster, { issuer }), [], `the guard refuses issuer of ${incoming}`);
      putIssuer(world, cluster, issuer);
      break;
    }
    case "restart-component":
      restart(world, cluster, ({ role }) => role === step.component);
      break;
    case "restart-workload":
      restart(world, cluster, ({ id }) => id === step.workload);
      break;
    case "prove-injector":
      prove(world, cluster);
  }
}

export function freshIssuer({ secret }: Cluster, of: Name): Issuer {
  const [one, other] = issuers[of];
  return secret?.issuer === one ? other : one;
}

export function putBundle(world: World, cluster: Cluster, bundle: readonly Name[]): void {
  cluster.before = cluster.bundle;
  cluster.bundle = bundle;
  cluster.bundleAt = world.now;
  cluster.injects = undefined;
  announceBundle(world, cluster);
  nextSecond(world);
}

export function putIssuer(world: World, cluster: Cluster, issuer: Issuer | undefined): void {
  cluster.secret = issuer && { issuer, at: world.now };
  if (issuer !== undefined) cluster.seen.push({ issuer, from: world.now });
  announceIssuer(world, cluster);
  nextSecond(world);
}

/** A merge-patch of the template: the generation is another one at once. */
export function restart(
  world: World,
  { works }: Cluster,
  which: (work: Cluster["works"][number]) => boolean,
): void {
  for (const work of works.filter(which)) {
    work.generation++;
    work.generationAt = world.now;
  }
}

function prove({ now }: World, cluster: Cluster): void {
  const files = cluster.works
    .filter(({ role }) => role === "proxy-injector")
    .flatMap(({ pods }) =>
      [...pods].flatMap(({ file, readySince }) => (readySince === undefined ? [] : [file ?? []])),
    );
  // The worst of the answers: one replica that lags is enough.
  const lagging = files.find((file) => file.join() !== cluster.bundle.join());
  if (files.length > 0) cluster.injects = { names: lagging ?? cluster.bundle, at: now };
}

/** What the journal keeps: when identity was proven to sign with what is in the Secret. */
export function record(cluster: Cluster, { issuer }: RotationView): void {
  if (issuer?.inUse === undefined) return;
  const { fingerprint } = issuer.certificate;
  if (
    cluster.recorded.some(
      (one) => one.fingerprint === fingerprint && one.since >= (issuer.changedAt ?? one.since),
    )
  )
    return;
  cluster.recorded.push({ fingerprint, since: issuer.inUse.since });
}
