import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { type Reflection, type Reflector, reflect } from "../../cluster/reflect.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { account } from "./account.ts";
import { counting } from "./counting.ts";
import { link, rewired } from "./link.ts";

describe("a reflector of a real API server", { skip }, () => {
  let cp: ControlPlane;
  let kubeconfig: string;
  let cluster: Cluster;
  let namespaces = 0;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list", "watch"] }];
    kubeconfig = await account(cp, "reader", "readers", { clusterWide: rules });
    cluster = await connect({ kubeconfig });
  });
  after(async () => {
    cluster.close();
    await cp.stop();
  });

  test("sees creations, updates and deletions", async (t) => {
    const { path, reflector } = await start(t);
    await eventually("the first list", () => reflector.synced);
    await put(path, "a", "1");
    await holds(reflector, { a: "1" });
    await mustApi(cp.api, "PATCH", `${path}/a`, { data: { value: "2" } });
    await holds(reflector, { a: "2" });
    await mustApi(cp.api, "DELETE", `${path}/a`);
    await holds(reflector, {});
  });

  test("lists in pages", async (t) => {
    const { path, reflector } = await start(t, { pageSize: 2 }, ["a", "b", "c", "d", "e"]);
    await holds(reflector, { a: "", b: "", c: "", d: "", e: "" });
    await put(path, "f", "");
    await eventually("the sixth", () => reflector.items.size === 6);
  });

  test("sees an object come and go that begins and ceases to match its selector", async (t) => {
    const { path, reflector } = await start(t, { labelSelector: "seen=yes" }, ["a"]);
    await eventually("the first list", () => reflector.synced);
    assert.equal(reflector.items.size, 0);
    await mustApi(cp.api, "PATCH", `${path}/a`, { metadata: { labels: { seen: "yes" } } });
    await holds(reflector, { a: "" });
    await mustApi(cp.api, "PATCH", `${path}/a`, { metadata: { labels: { seen: "no" } } });
    await holds(reflector, {});
  });

  test("goes from one watch to the next without a gap or a new list", async (t) => {
    const lists = counting(cluster);
    const { path, reflector } = await start(t, { watchSeconds: 1 }, ["a"], lists.cluster);
    await eventually("three watches", () => lists.watches >= 3);
    await put(path, "b", "");
    await holds(reflector, { a: "", b: "" });
    assert.equal(lists.lists, 1);
    assert.equal(reflector.failure, undefined);
  });

  test("is in contact through an idle watch, by its bookmarks or its end", async (t) => {
    let now = 0;
    const { reflector } = await start(t, { watchSeconds: 2, clock: () => new Date(now) });
    await eventually("the first list", () => reflector.synced);
    now = 1_000_000;
    await eventually("contact", () => reflector.lastContact?.getTime() === now);
  });

  test("sees what was written while its connection was frozen", async (t) => {
    const wire = await link(Number(new URL(cp.server).port));
    t.after(() => wire.close());
    const through = await connect({ kubeconfig: rewired(cp, kubeconfig, wire.port) });
    t.after(() => through.close());
    const { path, reflector } = await start(t, { silentMs: 1_000 }, ["a"], through);
    await holds(reflector, { a: "" });
    wire.freeze();
    await put(path, "b", "");
    wire.thaw();
    await holds(reflector, { a: "", b: "" });
  });

  test("survives the API server's restart", async (t) => {
    const { path, reflector } = await start(t, {}, ["a"]);
    await holds(reflector, { a: "" });
    await cp.apiserver.stop("SIGKILL");
    const failure = await eventually("the failure", () => reflector.failure);
    assert.match(failure.message, /cannot be reached/);
    assert.deepEqual([...reflector.items.keys()].length, 1, "what was seen stays");
    await cp.apiserver.start();
    await put(path, "b", "");
    await holds(reflector, { a: "", b: "" });
    assert.equal(reflector.failure, undefined);
  });

  test("asks the API server itself when it is told to", async (t) => {
    const deaf: Cluster = {
      ...cluster,
      async *lines(_path, { signal, begun }) {
        begun?.();
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        yield* [];
      },
    };
    const { path, reflector } = await start(t, { fieldSelector: "metadata.name=a" }, ["a"], deaf);
    await holds(reflector, { a: "" });
    await mustApi(cp.api, "PATCH", `${path}/a`, { data: { value: "new" } });
    const began = performance.now();
    await reflector.refresh(30_000);
    t.diagnostic(`a refresh takes ${(performance.now() - began).toFixed(1)} ms`);
    assert.equal(reflector.items.get("a"), "new");
    await mustApi(cp.api, "DELETE", `${path}/a`);
    await reflector.refresh(30_000);
    assert.equal(reflector.items.size, 0);
  });

  test("a 410 is a new list without a gap", async (t) => {
    const lists = counting(cluster);
    // The first watch asks for a version that the API server forgot long ago, as after a long sleep.
    const sleepy: Cluster = {
      ...lists.cluster,
      lines: (path, options) =>
        lists.cluster.lines(path, {
          ...options,
          query: { ...options.query, ...(lists.watches === 0 ? { resourceVersion: "1" } : {}) },
        }),
    };
    const { reflector } = await start(t, {}, ["a", "b"], sleepy);
    const sizes = new Set<number>();
    await eventually("the second list", () => {
      if (reflector.synced) sizes.add(reflector.items.size);
      return lists.lists >= 2 && lists.watches >= 2;
    });
    assert.deepEqual([...sizes], [2]);
    assert.equal(reflector.failure, undefined);
  });

  test("a forbidden list is a failure that names the permission", async (t) => {
    const secrets = reflect(cluster, {
      path: "/api/v1/namespaces/readers/secrets",
      project: (object) => object,
      clock: () => new Date(0),
    });
    t.after(() => secrets.stop());
    const failure = await eventually("the failure", () => secrets.failure);
    assert.equal(failure.status, 403);
    assert.equal(
      failure.hint,
      'Give system:serviceaccount:readers:reader the verb "list" on secrets in namespace readers.',
    );
    assert.equal(secrets.synced, false);
  });

  async function start(
    t: TestContext,
    options: Partial<Reflection<string>> = {},
    names: readonly string[] = [],
    by: Cluster = cluster,
  ): Promise<{ path: string; reflector: Reflector<string> }> {
    const namespace = `reflect-${namespaces++}`;
    await mustApi(cp.api, "POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    for (const name of names) await put(path, name, "");
    const reflector = reflect<string>(by, {
      path,
      project: (object) => (object as { data: { value: string } }).data.value,
      key: (object) => (object as { metadata: { name: string } }).metadata.name,
      clock: () => new Date(0),
      ...options,
    });
    t.after(() => reflector.stop());
    return { path, reflector };
  }

  async function put(path: string, name: string, value: string): Promise<void> {
    await mustApi(cp.api, "POST", path, { metadata: { name }, data: { value } });
  }
});

async function holds(reflector: Reflector<string>, expected: Record<string, string>): Promise<void> {
  const text = JSON.stringify(expected);
  await eventually(text, () => JSON.stringify(Object.fromEntries(reflector.items)) === text);
}
