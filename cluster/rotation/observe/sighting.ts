import type { TrustRoots } from "../../../trust/facts.ts";
import type { LiveBundle } from "../../../trust/rotation/view.ts";
import { only } from "../../reflect.ts";
import type { SeenWorkload } from "../workloads/workloads.ts";
import type { Sighting } from "./assemble.ts";
import type { LeavesSeen } from "./leaves-seen.ts";
import { type Evidence, liveIssuer } from "./live-issuer.ts";
import type { Injected } from "./observer.ts";
import type { Reflectors } from "./reflectors.ts";
import { sharedBundles } from "./shared-bundles.ts";

/** What one observer remembers that no watch will show it again. */
export interface Memory extends Pick<Sighting, "met" | "unwell" | "unowned" | "anchorsOf"> {
  /** By a workload's id: generations that writes of ours have made. */
  readonly expected: Map<string, number>;
  /** Oldest first: an event is gone after an hour; that it was heard is not. */
  readonly proofs: Evidence[];
  /** What pods by dry-run got; undefined where none was tried since the bundle changed. */
  injects: Injected | undefined;
}

/** What is seen now, beside what is remembered. */
export interface Sight {
  readonly watched: Reflectors;
  readonly workloads: ReadonlyMap<string, SeenWorkload>;
  readonly leaves: LeavesSeen;
  readonly troubles: Sighting["troubles"];
  /** By the API server's clock. */
  readonly now: Date;
}

type Settled = Pick<Sighting, "namespace" | "excluded" | "patienceMs" | "recovering">;

export function newMemory(proofs: readonly Evidence[]): Memory {
  return {
    expected: new Map(),
    met: new Set(),
    unwell: new Map(),
    unowned: new Map(),
    anchorsOf: sharedBundles(),
    proofs: [...proofs],
    injects: undefined,
  };
}

/** Everything of which the view of this moment is made. What it proves is remembered, and what is outlived forgotten. */
export function sightingOf(sight: Sight, memory: Memory, settled: Settled): Sighting {
  const { watched, workloads, leaves, troubles, now } = sight;
  const [roots, secret] = [only(watched.roots), only(watched.issuer)];
  const pods = [...watched.pods.items.values()];
  const bundle = liveBundle(roots?.opened);
  const issuer = liveIssuer({
    secret: secret?.opened,
    pods,
    identities: identitiesWanted(workloads),
    events: [...watched.events.items.values()],
    proofs: memory.proofs,
    now,
  });
  if (issuer?.inUse !== undefined) {
    const { since, evidence } = issuer.inUse;
    keep({ issuer: issuer.certificate.fingerprint, since, evidence }, memory.proofs);
  }
  if (isOlder(memory.injects, bundle)) memory.injects = undefined;
  const { injects } = memory;
  return {
    ...settled,
    now,
    ...(bundle === undefined ? {} : { bundle }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(injects === undefined ? {} : { injects: { anchors: injects.anchors, at: injects.at } }),
    ways: { bundle: roots?.way ?? { by: "us" }, issuer: secret?.way ?? { by: "us" } },
    pods,
    workloads,
    expected: memory.expected,
    troubles,
    met: memory.met,
    unwell: memory.unwell,
    unowned: memory.unowned,
    leavesHiddenIn: leaves.hiddenIn,
    leafOf: leaves.by(issuer),
    anchorsOf: memory.anchorsOf,
  };
}

function identitiesWanted(workloads: ReadonlyMap<string, SeenWorkload>): number | undefined {
  return [...workloads.values()].find(({ component }) => component === "identity")?.says.desired;
}

/** What identity loads; undefined where it would refuse the text. */
function liveBundle(roots: TrustRoots | undefined): LiveBundle | undefined {
  const { reading, changedAt } = roots ?? {};
  if (reading === undefined || reading.refused !== undefined || reading.anchors.length === 0)
    return undefined;
  return { anchors: reading.anchors, ...(changedAt === undefined ? {} : { changedAt }) };
}

function isOlder(injects: Injected | undefined, bundle: LiveBundle | undefined): boolean {
  return injects !== undefined && injects.at < (bundle?.changedAt ?? injects.at);
}

function keep(proof: Evidence, proofs: Evidence[]): void {
  const { issuer, since } = proof;
  if (!proofs.some((one) => one.issuer === issuer && one.since.getTime() === since.getTime()))
    proofs.push(proof);
}
