import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { watch } from "../../cluster/watch.ts";
import { mustApi } from "../cluster/api.ts";
import { binariesAvailable } from "../cluster/binaries.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { create } from "../cluster/linkerd.ts";
import { restart, rolledOut } from "../cluster/rollout.ts";
import { testWorld } from "../plugin/world.ts";
import { deployment, type Mesh, startMesh } from "./mesh.ts";

const skip = binariesAvailable() === "missing-go" && "needs Go to build the control plane";
const namespace = "shop-0";
const pods = `/api/v1/namespaces/${namespace}/pods`;
const onePod = "it has one pod, which goes before another starts";

type Kind = "Deployment" | "StatefulSet" | "DaemonSet";

/** What the plan says of each; undefined: some of its pods always serve. */
const cases: Readonly<Record<string, readonly [kind: Kind, spec: object, says: string | undefined]>> = {
  alone: ["Deployment", { replicas: 1 }, undefined],
  "without-surge": ["Deployment", { replicas: 1, strategy: rolling({ maxSurge: 0 }) }, onePod],
  "half-at-once": ["Deployment", { replicas: 4, strategy: rolling({ maxUnavailable: "50%" }) }, undefined],
  "all-at-once": [
    "Deployment",
    { replicas: 2, strategy: rolling({ maxUnavailable: "100%" }) },
    "all of its 2 pods may go at once (maxUnavailable)",
  ],
  recreated: [
    "Deployment",
    { replicas: 3, strategy: { type: "Recreate" } },
    "its strategy is Recreate: new pods start when the old ones have gone",
  ],
  "stateful-one": ["StatefulSet", { replicas: 1 }, onePod],
  "stateful-two": ["StatefulSet", { replicas: 2 }, undefined],
  "on-each-node": ["DaemonSet", {}, undefined],
  "on-one-node": ["DaemonSet", { on: "node-0" }, onePod],
  "on-one-node-surging": [
    "DaemonSet",
    { on: "node-0", updateStrategy: rolling({ maxSurge: 1, maxUnavailable: 0 }) },
    undefined,
  ],
};

describe("what a restart takes down for a moment", { skip }, () => {
  let mesh: Mesh;
  let cluster: Cluster;
  before(async () => {
    mesh = await startMesh({ workloads: 1 });
    cluster = await connect({ kubeconfig: mesh.cp.kubeconfig });
    for (const [name, [kind, spec]] of Object.entries(cases))
      await create(mesh.cp, workload(name, kind, spec));
    for (const [name, [kind]] of Object.entries(cases)) await rolledOut(mesh.cp, { kind, name, namespace });
  });
  after(async () => {
    cluster?.close();
    await mesh?.stop();
  });

  test("is named in the plan, each with why, before anything is asked", async () => {
    const desk = testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date() });
    const words = ["rotate", "anchor", "--create", desk.path("new"), "--dry-run", "client"];
    const { code, stderr } = await desk.run(...words);
    assert.equal(code, 0, stderr);
    const told = /‼ down while restarting: (\d+) workloads\n((?: {4}shop-0\/.*\n)+)/.exec(stderr);
    const lines = told?.[2]?.trimEnd().split("\n") ?? [];
    const expected = Object.entries(cases).flatMap(([name, [kind, , says]]) =>
      says === undefined ? [] : [`    ${namespace}/${shorts[kind]}/${name}: ${says}`],
    );
    assert.deepEqual(lines.sort(), expected.sort());
    assert.equal(told?.[1], `${expected.length}`);
    const left = [...expected].flatMap((line) => ["--exclude", line.trim().split(":")[0] ?? ""]);
    assert.doesNotMatch((await desk.run(...words, ...left)).stderr, /down while restarting/);
  });

  test("is just that: whoever is not named always has a pod that serves, and whoever is has none for a moment", async () => {
    const fewest = await fewestReady(mesh.cp, cluster, async () => {
      for (const [name, [kind]] of Object.entries(cases)) await restart(mesh.cp, { kind, name, namespace });
    });
    for (const [name, [, , says]] of Object.entries(cases)) {
      const least = fewest.get(name);
      if (says === undefined) assert.ok((least ?? 0) > 0, `${name}: ${least}`);
      else if (!says.includes(" may ")) assert.equal(least, 0, name);
    }
  });
});

const shorts = { Deployment: "deploy", StatefulSet: "sts", DaemonSet: "ds" } as const;

function rolling(rollingUpdate: object): object {
  return { type: "RollingUpdate", rollingUpdate };
}

function workload(name: string, kind: Kind, { on, ...own }: { readonly on?: string } & object) {
  const { spec, ...rest } = deployment({ name, namespace }, 1);
  const { replicas: _, template, ...shared } = spec;
  const nodeSelector = on === undefined ? {} : { nodeSelector: { "kubernetes.io/hostname": on } };
  return {
    ...{ ...rest, kind },
    spec: {
      ...shared,
      ...own,
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: { ...template, spec: { ...template.spec, ...nodeSelector } },
    },
  };
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels: { readonly app?: string };
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}

/** How many ready pods each app had at its worst, by every change that the API server tells. */
async function fewestReady(
  cp: ControlPlane,
  cluster: Cluster,
  work: () => Promise<void>,
): Promise<Map<string, number>> {
  const body = await mustApi<PodList>(cp.api, "GET", pods);
  const now = new Map(body.items.map((pod) => [pod.metadata.name, pod]));
  const fewest = new Map<string, number>();
  const count = () => {
    for (const app of Object.keys(cases)) {
      const serving = [...now.values()].filter(
        (pod) => pod.metadata.labels.app === app && serves(pod),
      ).length;
      fewest.set(app, Math.min(serving, fewest.get(app) ?? serving));
    }
  };
  count();
  const over = new AbortController();
  const options = { path: pods, query: {}, seconds: 300, silentMs: 120_000, signal: over.signal, begun() {} };
  const watching = (async () => {
    for await (const { type, object } of watch(cluster, body.metadata.resourceVersion, options)) {
      const pod = object as Pod;
      if (type === "DELETED") now.delete(pod.metadata.name);
      else if (type !== "BOOKMARK") now.set(pod.metadata.name, pod);
      count();
    }
  })().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  await work();
  const versions = (pods: Iterable<Pod>) =>
    [...pods]
      .map((pod) => pod.metadata.resourceVersion)
      .sort()
      .join();
  await eventually(
    "the watch has told all",
    async () => versions((await mustApi<PodList>(cp.api, "GET", pods)).items) === versions(now.values()),
  );
  over.abort();
  await watching;
  return fewest;
}

function serves({ metadata, status }: Pod): boolean {
  const isReady = status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  return isReady === true && metadata.deletionTimestamp === undefined;
}
