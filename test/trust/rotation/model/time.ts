// Time passes: controllers make and end pods, the kubelet brings files, proxies renew their leaves.
import {
  type Cluster,
  grace,
  leafLife,
  minute,
  type Pod,
  type Said,
  second,
  type Work,
  type World,
} from "./cluster.ts";
import { type Issuer, trusts } from "./pki.ts";
import { oneOf } from "./random.ts";
import { troublesIn } from "./trouble.ts";

/** The longest that the kubelet takes to bring a changed file. */
const sync = 90 * second;

/** Lets this much time pass, in strides in which everybody does the next thing. */
export function pass(world: World, ms: number): void {
  for (let left = ms; left > 0; ) {
    const stride = Math.min(left, 20 * second, second * (1 + Math.floor(world.random() * 20)));
    world.now += stride;
    left -= stride;
    for (const cluster of world.clusters) live(world, cluster);
    const found = troublesIn(world);
    if (found.length > 0)
      world.troubles.push(...found.map((one) => `${new Date(world.now).toISOString()} ${one}`));
  }
}

/** Writes end with a second: what is made after one bears a later time than the write. */
export function nextSecond(world: World): void {
  const left = second - (world.now % second);
  world.now += left;
}

function live(world: World, cluster: Cluster): void {
  const { now, random } = world;
  for (const work of cluster.works) {
    for (const pod of work.pods) if (pod.endsAt !== undefined && pod.endsAt <= now) work.pods.delete(pod);
    if (work.kind === "job" && random() < 0.02) {
      work.replicas = 0;
      for (const pod of work.pods) work.pods.delete(pod);
    }
    for (let i = 0; i < 2; i++) rollOut(world, cluster, work);
    for (const pod of work.pods) {
      deliver(world, cluster, work, pod);
      begin(world, cluster, work, pod);
      renew(world, cluster, pod);
    }
  }
  cluster.events = cluster.events.filter(({ lastAt }) => now - lastAt < 60 * minute);
}

export const lasting = ({ pods }: Work): Pod[] => [...pods].filter(({ endsAt }) => endsAt === undefined);
const isReady = ({ readySince }: Pod): boolean => readySince !== undefined;

function rollOut(world: World, cluster: Cluster, work: Work): void {
  const { kind, generation, replicas, paused } = work;
  if (kind === "bare-pod" || kind === "job") return;
  const pods = lasting(work);
  const older = pods.filter((pod) => pod.generation < generation);
  const fresh = pods.filter((pod) => pod.generation === generation);
  const rolls = older.length > 0 && !paused && kind !== "on-delete";
  if (pods.length > replicas + 1 || (pods.length > replicas && older.length === 0)) end(world, pods[0]);
  else if (rolls && kind === "recreate") for (const pod of older) end(world, pod);
  else if (pods.length < replicas) {
    // Recreate: none of the new before the last of the old has ended.
    if (kind === "recreate" && [...work.pods].some((pod) => pod.generation < generation)) return;
    make(world, cluster, work, paused ? (older[0]?.generation ?? generation - 1) : generation);
  } else if (rolls && pods.length <= replicas) make(world, cluster, work, generation);
  else if (rolls && fresh.every(isReady)) end(world, older[0]);
}

export function end(world: World, pod: Pod | undefined): void {
  if (pod === undefined) return;
  pod.endsAt = world.now + Math.floor(world.random() * grace);
}

/** A pod as its controller makes it now: with the bundle as it is, or as some injector has it. */
function make(world: World, cluster: Cluster, work: Work, generation = work.generation): void {
  const { now, random } = world;
  const injectors = cluster.works
    .filter(({ role }) => role === "proxy-injector")
    .flatMap(({ pods }) => [...pods]);
  const names =
    work.role === "workload" ? oneOf(injectors.filter(isReady), random)?.file : mounted(world, cluster);
  if (names === undefined) return;
  const broken = work.broken && generation === work.generation;
  const file = work.role === "proxy-injector" ? fileOf(world, cluster) : {};
  work.pods.add({ madeAt: now, generation, broken, names, ...file });
}

// The kubelet may still have the older ConfigMap for another pod of the node.
function fileOf({ now, random }: World, { bundle, bundleAt, before }: Cluster) {
  const lags = now - bundleAt < sync && random() < 0.3;
  return lags ? { file: before, fileAt: now + Math.floor(random() * sync) } : { file: bundle };
}

function mounted({ now, random }: World, { bundle, bundleAt, before }: Cluster) {
  const sameSecond = Math.floor(now / second) === Math.floor(bundleAt / second);
  return sameSecond && random() < 0.5 ? before : bundle;
}

function begin(world: World, cluster: Cluster, work: Work, pod: Pod): void {
  if (isReady(pod)) return;
  if (work.role === "identity" && pod.signs === undefined) {
    // It crashes until it can load its issuer, and reads its files anew each time.
    pod.names = cluster.bundle;
    const issuer = cluster.secret?.issuer;
    if (issuer !== undefined && trusts(pod.names, issuer.of)) pod.signs = issuer;
  }
  const signer = pod.signs ?? signerIn(world, cluster);
  if (signer !== undefined && trusts(pod.names, signer.of)) pod.leaf = leafOf(world, signer);
  if (pod.leaf !== undefined && !pod.broken && (work.role !== "identity" || pod.signs))
    pod.readySince = world.now;
}

function renew(world: World, cluster: Cluster, pod: Pod): void {
  if (pod.leaf === undefined || pod.leaf.renewAt > world.now) return;
  const signer = signerIn(world, cluster);
  // A leaf that its own anchors do not verify it does not take.
  if (signer !== undefined && trusts(pod.names, signer.of)) pod.leaf = leafOf(world, signer);
}

const leafOf = ({ now }: World, { of }: Issuer) => ({
  of,
  renewAt: now + leafLife * 0.7,
  endsAt: now + leafLife,
});

export function identities(cluster: Cluster): Pod[] {
  return cluster.works.filter(({ role }) => role === "identity").flatMap(({ pods }) => [...pods]);
}

function signerIn({ random }: World, cluster: Cluster): Issuer | undefined {
  return oneOf(identities(cluster).filter(isReady), random)?.signs;
}

function deliver(world: World, cluster: Cluster, work: Work, pod: Pod): void {
  const { now } = world;
  if (pod.fileAt !== undefined && pod.fileAt <= now) {
    pod.file = cluster.bundle;
    delete pod.fileAt;
  }
  if (work.role !== "identity" || pod.update === undefined || pod.update.at > now) return;
  const { issuer } = pod.update;
  delete pod.update;
  if (pod.signs === undefined || pod.signs === issuer) return;
  const taken = trusts(pod.names, issuer.of);
  if (taken) pod.signs = issuer;
  say(world, cluster, pod, taken ? "IssuerUpdated" : "IssuerUpdateSkipped");
}

function say({ now }: World, { events }: Cluster, pod: Pod, reason: Said["reason"]): void {
  const known = events.find((one) => one.pod === pod && one.reason === reason);
  if (known === undefined) events.push({ pod, reason, count: 1, firstAt: now, lastAt: now });
  else Object.assign(known, { lastAt: now, count: known.count + 1 });
}

/** The kubelet notices, some time later, what was written. */
export function announceBundle({ now, random }: World, { works }: Cluster): void {
  for (const { role, pods } of works)
    if (role === "proxy-injector") for (const pod of pods) pod.fileAt = now + Math.floor(random() * sync);
}

export function announceIssuer({ now, random }: World, cluster: Cluster): void {
  const { secret, misses } = cluster;
  cluster.misses = false;
  for (const [i, pod] of identities(cluster).entries()) {
    delete pod.update;
    if (secret === undefined || (misses && i === 0)) continue;
    pod.update = { issuer: secret.issuer, at: now + second + Math.floor(random() * sync) };
  }
}
