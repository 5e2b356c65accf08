// The loop goes on: past troubles, with as many restarts at once as it may, for as long as something moves.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import { minute, second } from "../../trust/rotation/model/cluster.ts";
import { perform, record } from "../../trust/rotation/model/perform.ts";
import { viewOf } from "../../trust/rotation/model/view.ts";
import { run } from "./loop-run.ts";

describe("the loop", () => {
  for (const seed of [1, 2, 3, 4])
    test(`comes to the end whatever passes over it, and restarts nobody twice in a stage (${seed})`, async () => {
      const trouble = new Failure("the API server cannot answer now (503)", "Wait.", { status: 503 });
      const { ended, restarts, world } = await run({
        seed,
        clusters: 1 + (seed % 3),
        instead: (step, cluster, model) => {
          const lot = model.random();
          if (lot < 0.1) throw trouble;
          if (lot < 0.2) return { outcome: "again", why: "it has changed" };
          // Done, and the answer is lost.
          if (lot < 0.3) {
            perform(model, cluster, step, "next");
            throw trouble;
          }
          return undefined;
        },
      });
      assert.deepEqual([ended.outcome, ended.missing, world.troubles], ["done", [], []]);
      assert.equal(new Set(restarts).size, restarts.length);
    });

  test("has no more workloads rolling at once than it may, and begins with the namespaces that come first", async () => {
    const kinds = Array.from({ length: 8 }, () => "deploy" as const);
    const { ended, restarts } = await run({
      kinds,
      loop: { maxParallel: 2, namespaceOrder: ["ns1"] },
      instead: (step, { works }) => {
        const rolling = works.filter(({ role, generation, pods, replicas }) => {
          const lasting = [...pods].filter(({ endsAt }) => endsAt === undefined);
          const fresh = lasting.filter(
            (pod) => pod.generation === generation && pod.readySince !== undefined,
          );
          return role === "workload" && (fresh.length < replicas || lasting.length > replicas);
        });
        if (step.kind === "restart-workload")
          assert.ok(rolling.length < 2, rolling.map(({ id }) => id).join());
        return undefined;
      },
    });
    assert.equal(ended.outcome, "done");
    const first = restarts.slice(0, 8).map((restart) => /ns\d/.exec(restart)?.[0]);
    assert.deepEqual(first, ["ns1", "ns1", "ns1", "ns1", "ns0", "ns0", "ns0", "ns0"]);
  });

  test("restarts the others past apps that crash and come up for ever, and ends when only they are left", async () => {
    const kinds = Array.from({ length: 14 }, () => "deploy" as const);
    const isSick = (id: string) => Number(/w(\d+)$/.exec(id)?.[1]) < 10;
    let began: number | undefined;
    const { ended, restarts } = await run({
      kinds,
      member: (cluster, model) => ({
        view: () => {
          const view = viewOf(model, cluster);
          record(cluster, view);
          const ready = Math.floor(model.now / (20 * second)) % 2;
          const workloads = view.workloads.map((one) =>
            isSick(one.id) ? { ...one, rollout: { state: "rolling" as const, desired: 2, ready } } : one,
          );
          return { ...view, workloads };
        },
      }),
      onHappening: ({ at }, stop) => {
        began ??= at.getTime();
        if (at.getTime() - began > 180 * minute) stop.abort();
      },
    });
    assert.equal(ended.outcome, "not-in-time");
    assert.equal(restarts.length, 4);
    assert.match(ended.missing.join("\n"), /^east: waits for ns0\/deploy\/w0 to be rolled out$/m);
  });

  test("waits for a large workload that is rolled out pod by pod, for longer than the time-out", async () => {
    let began: number | undefined;
    const slow = 25;
    const { ended } = await run({
      kinds: ["deploy"],
      member: (cluster, model) => ({
        view: () => {
          const view = viewOf(model, cluster);
          record(cluster, view);
          const restarted = view.workloads.some(({ proxies }) =>
            proxies.some(({ anchors }) => anchors.length > 1),
          );
          if (restarted) began ??= model.now;
          // A pod a minute: the last of the old ones goes after twenty-five.
          const minutes = began === undefined ? 0 : Math.floor((model.now - began) / minute);
          if (began === undefined || minutes >= slow) return view;
          const [old] = view.bundle?.anchors.slice(0, 1) ?? [];
          const workloads = view.workloads.map((one) => ({
            ...one,
            rollout: { ...one.rollout, state: "rolling" as const, desired: slow, ready: slow },
            proxies: one.proxies.map((group) => ({
              ...group,
              anchors: old === undefined ? [] : [old],
              newestAt: new Date((began ?? 0) + minutes * minute),
            })),
          }));
          return { ...view, workloads };
        },
      }),
    });
    assert.equal(ended.outcome, "done", `${ended.message} ${ended.missing.join()}`);
  });

  // Identity that misses its update is given two minutes, then restarted (linkerd2#15109).
  test("has its whole time again after a wait that was known to end, though that was longer than the time-out", async () => {
    const { ended } = await run({
      loop: { timeoutMs: 100 * second },
      instead: (step, cluster) => {
        if (step.kind === "write-issuer") cluster.misses = true;
        return undefined;
      },
    });
    assert.equal(ended.outcome, "done", `${ended.message} ${ended.missing.join()}`);
  });
});
