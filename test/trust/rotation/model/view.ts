// The model as an observer shows it to the planner.
import { inUseOf } from "../../../../trust/rotation/in-use.ts";
import type {
  Component,
  LiveIssuer,
  Obstacle,
  ProxyGroup,
  Rollout,
  RotationView,
  Workload,
} from "../../../../trust/rotation/view.ts";
import {
  type Cluster,
  grace,
  leafLife,
  minute,
  type Pod,
  seconds,
  type Work,
  type World,
} from "./cluster.ts";
import { anchorsOf } from "./pki.ts";
import { identities, lasting } from "./time.ts";

export function viewOf(world: World, cluster: Cluster): RotationView {
  const { bundle, bundleAt, injects, works } = cluster;
  const issuer = liveIssuer(world, cluster);
  return {
    now: seconds(world.now),
    bundle: { anchors: anchorsOf(bundle), changedAt: seconds(bundleAt) },
    ...(issuer === undefined ? {} : { issuer }),
    controlPlane: works.filter(({ role }) => role !== "workload").map((work) => component(world, work)),
    ...(injects === undefined
      ? {}
      : { injects: { anchors: anchorsOf(injects.names), at: seconds(injects.at) } }),
    workloads: works
      .filter(({ role }) => role === "workload")
      .map((work) => workload(world, work, cluster, issuer)),
    leafLifetimeMs: leafLife,
    ways: { bundle: { by: "us" }, issuer: { by: "us" } },
  };
}

function liveIssuer({ now }: World, cluster: Cluster): LiveIssuer | undefined {
  const { secret, events, recorded } = cluster;
  if (secret === undefined) return undefined;
  const { certificate } = secret.issuer;
  const changedAt = seconds(secret.at);
  const proof = inUseOf({
    now: seconds(now),
    fingerprint: certificate.fingerprint,
    changedAt,
    replicas: cluster.works.find(({ role }) => role === "identity")?.replicas ?? 0,
    pods: identities(cluster).map(({ madeAt, readySince, endsAt }) => ({
      madeAt: seconds(madeAt),
      ...(readySince === undefined ? {} : { readySince: seconds(readySince) }),
      ...(endsAt === undefined ? {} : { terminatingSince: seconds(now) }),
      graceMs: grace,
    })),
    events: events.map(({ reason, count, firstAt, lastAt }) => ({
      reason,
      message: reason,
      count,
      first: seconds(firstAt),
      last: seconds(lastAt),
    })),
    recorded,
  });
  return { certificate, intermediates: [], changedAt, ...proof };
}

function component(world: World, work: Work): Component {
  const pods = [...work.pods];
  const oldest = Math.min(...pods.map(({ madeAt }) => madeAt));
  return {
    name: work.role,
    workload: `deploy/${work.id}`,
    ...(pods.length === 0 ? {} : { oldestPodAt: seconds(oldest) }),
    ...(pods.some(({ endsAt }) => endsAt !== undefined) ? { terminating: true as const } : {}),
    rollout: rollout(world, work),
  };
}

function workload(world: World, work: Work, { secret }: Cluster, issuer: LiveIssuer | undefined): Workload {
  // Handshakes: who is not restarted shows a leaf, once identity is proven to sign.
  const looks = obstacle(work) !== undefined && issuer?.inUse !== undefined;
  const shows = ({ leaf }: Pod) => looks && leaf !== undefined && leaf.of === secret?.issuer.of;
  const kindOf = (pod: Pod) => `${pod.names.join()} ${pod.endsAt !== undefined} ${shows(pod)}`;
  const alike = Map.groupBy(work.pods, kindOf);
  return {
    id: work.id,
    namespace: work.id.split("/")[0] ?? "",
    restartable: obstacle(work) ?? true,
    rollout: rollout(world, work),
    proxies: [...alike.values()].map((pods) => ({
      ...group(pods),
      ...(pods.every(shows) ? { leafSeenAt: seconds(world.now) } : {}),
    })),
  };
}

function group(pods: readonly Pod[]): ProxyGroup {
  const times = pods.map(({ madeAt }) => madeAt);
  return {
    anchors: anchorsOf(pods[0]?.names ?? []),
    proxies: pods.length,
    oldestAt: seconds(Math.min(...times)),
    newestAt: seconds(Math.max(...times)),
    ...(pods[0]?.endsAt === undefined ? {} : { terminating: true }),
  };
}

function obstacle({ kind, paused }: Work): Obstacle | undefined {
  if (paused) return { kind: "paused", remedy: "Resume it." };
  if (kind === "on-delete" || kind === "bare-pod" || kind === "job")
    return { kind, remedy: "Make its pods anew." };
  return undefined;
}

function rollout({ now }: World, work: Work): Rollout {
  const pods = lasting(work);
  const ready = pods.filter(({ readySince }) => readySince !== undefined).length;
  const whole = pods.length === work.replicas && ready === pods.length;
  const newest = pods.every(({ generation }) => generation === work.generation);
  const done = whole && (newest || work.kind === "on-delete");
  const last = Math.max(
    work.generationAt,
    ...pods.map(({ madeAt, readySince }) => (readySince === undefined ? madeAt : 0)),
  );
  const late = now - last > 10 * minute;
  return { state: done ? "done" : late ? "failed" : "rolling", desired: work.replicas, ready };
}
