// The loop with the model of the planner's tests as its clusters: its own time passes while the loop waits.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../cluster/failure.ts";
import { type Outcome, refused } from "../../cluster/rotation/perform/outcome.ts";
import { type LoopOptions, rotate } from "../../plugin/rotate/loop.ts";
import type { Member } from "../../plugin/rotate/member.ts";
import type { Ended, Happening } from "../../plugin/rotate/progress.ts";
import type { AnchorGoal } from "../../trust/rotation/goal.ts";
import type { Step } from "../../trust/rotation/plan.ts";
import {
  type Cluster,
  type Kind,
  minute,
  second,
  type World,
  world,
} from "../trust/rotation/model/cluster.ts";
import { perform, record } from "../trust/rotation/model/perform.ts";
import { pass } from "../trust/rotation/model/time.ts";
import { viewOf } from "../trust/rotation/model/view.ts";
import { goalOf } from "../trust/rotation/model/walk.ts";

interface Setting {
  readonly kinds?: readonly Kind[];
  readonly clusters?: number;
  readonly seed?: number;
  readonly goal?: AnchorGoal;
  readonly loop?: Partial<LoopOptions>;
  /** Instead of doing it, or before it is done. */
  instead?(step: Step, cluster: Cluster, world: World): Outcome | undefined;
  member?(cluster: Cluster, world: World): Partial<Member>;
  onHappening?(happening: Happening, stop: AbortController): void;
}

interface Run {
  readonly ended: Ended;
  readonly happenings: readonly Happening[];
  readonly world: World;
  /** Restarts of workloads, with their stage at that time. */
  readonly restarts: readonly string[];
}

async function run(setting: Setting): Promise<Run> {
  const { kinds = ["deploy", "deploy", "recreate"], clusters = 1, seed = 1, goal = goalOf("next") } = setting;
  const works = kinds.map((kind) => ({ kind, replicas: 2, paused: false }));
  const model = world({ seed, clusters, identities: 2, injectors: 2, works });
  const bells = new Set<() => void>();
  const stop = new AbortController();
  const happenings: Happening[] = [];
  const restarts: string[] = [];
  const members = model.clusters.map(
    (cluster): Member => ({
      ...{ name: cluster.name, goal, failure: undefined },
      view: () => {
        const view = viewOf(model, cluster);
        record(cluster, view);
        return view;
      },
      onChange: (bell) => {
        bells.add(bell);
        return () => bells.delete(bell);
      },
      confirm: async () => {},
      permit: async () => {},
      perform: async (step) => {
        const instead = setting.instead?.(step, cluster, model);
        if (instead !== undefined) return instead;
        perform(model, cluster, step, "next");
        const stage = happenings.findLast((one) => one.kind === "stage" && one.cluster === cluster.name);
        if (step.kind === "restart-workload" && stage?.kind === "stage")
          restarts.push(`${cluster.name} ${stage.stage} ${step.workload}`);
        return { outcome: "done", sentence: "" };
      },
      ...setting.member?.(cluster, model),
    }),
  );
  const ticking = setInterval(() => {
    pass(model, 5 * second);
    for (const bell of bells) bell();
  }, 1);
  const ended = await rotate({
    members,
    ...{ namespace: "linkerd", clock: () => new Date(model.now), random: model.random, signal: stop.signal },
    ...{ timeoutMs: 10 * minute, wait: false, maxParallel: 10, namespaceOrder: [], betweenMs: 0 },
    listener: (happening) => {
      happenings.push(happening);
      setting.onHappening?.(happening, stop);
    },
    ...setting.loop,
  }).finally(() => clearInterval(ticking));
  return { ended, happenings, world: model, restarts };
}

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

  test("names a step that failed again and again, and why, when it gives up", async () => {
    const { ended } = await run({
      instead: ({ kind }) =>
        kind === "write-issuer" ? { outcome: "again", why: "somebody else has written it" } : undefined,
    });
    assert.equal(ended.outcome, "not-in-time");
    assert.match(
      ended.missing.join("\n"),
      /^east: writing the issuer failed \d+ times: somebody else has written it$/m,
    );
  });

  test("does all else, then says what only a person can do", async () => {
    const { ended, restarts } = await run({ kinds: ["bare-pod", "deploy"] });
    assert.equal(ended.outcome, "blocked");
    assert.match(ended.missing.join("\n"), /^east: ns0\/bare-pod\/w0 cannot be restarted/);
    assert.deepEqual(restarts, ["east overlapping ns1/deploy/w1"]);
  });

  test("ends with a write that is refused, and why", async () => {
    const { ended } = await run({
      instead: ({ kind }) => (kind === "write-issuer" ? refused("the guard says no", "Mend it.") : undefined),
    });
    assert.deepEqual([ended.outcome, ended.missing], ["refused", ["east: the guard says no. Mend it."]]);
  });

  test("goes on with the others when one workload may not be restarted, and then says so", async () => {
    const forbidden = new Failure('User "jane" cannot patch', "Give jane the verb.", { status: 403 });
    const { ended, restarts } = await run({
      kinds: ["deploy", "deploy", "deploy"],
      instead: (step) => {
        if (step.kind === "restart-workload" && step.workload.endsWith("w1")) throw forbidden;
        return undefined;
      },
    });
    assert.deepEqual(
      [ended.outcome, ended.missing],
      ["blocked", ['east: User "jane" cannot patch. Give jane the verb.']],
    );
    assert.equal(restarts.length, 2);
  });

  test("waits no longer than it may for a cluster that is not seen, which holds the other", async () => {
    const failure = new Failure("the API server at west cannot be reached", "Check the network.");
    const { ended, happenings } = await run({
      clusters: 2,
      member: ({ name }) => (name === "west" ? { failure } : {}),
    });
    assert.equal(ended.outcome, "not-in-time");
    assert.deepEqual(ended.missing.toSorted(), [
      "east: waits for west (which cannot be seen) to trust the incoming anchor",
      "west: the API server at west cannot be reached",
    ]);
    assert.ok(happenings.some(({ kind }) => kind === "unseen"));
    assert.ok(!happenings.some((one) => one.kind === "step-begun" && one.step.kind === "write-issuer"));
  });

  test("does not wait for a cluster that is blocked itself", async () => {
    const { ended } = await run({
      clusters: 2,
      instead: (step, { name }) =>
        name === "west" && step.kind === "write-bundle" ? refused("no", "Mend it.") : undefined,
    });
    assert.equal(ended.outcome, "refused");
  });

  test("ends at a stage that it is to pause after", async () => {
    const { ended } = await run({ goal: goalOf("next", { until: "overlapped" }) });
    assert.deepEqual([ended.outcome, ended.message], ["paused", "stage overlapped is reached"]);
  });

  test("begins nothing more when it is interrupted, and ends when what is under way has", async () => {
    const { ended, happenings } = await run({
      onHappening: (happening, stop) => {
        if (happening.kind === "step-begun" && happening.step.kind === "restart-workload") stop.abort();
      },
    });
    assert.equal(ended.outcome, "interrupted");
    const count = (kind: Happening["kind"]) => happenings.filter((one) => one.kind === kind).length;
    assert.equal(count("step-begun"), count("step-done") + count("step-failed"));
    assert.equal(happenings.at(-1)?.kind, "ended");
  });

  test("is interrupted at once where it looks anew and nobody answers", async () => {
    const { ended, happenings } = await run({
      member: () => ({ confirm: () => new Promise(() => {}) }),
      onHappening: (happening, stop) => {
        if (happening.kind === "looked") setTimeout(() => stop.abort(), 20);
      },
    });
    assert.equal(ended.outcome, "interrupted");
    assert.ok(!happenings.some(({ kind }) => kind === "step-begun"));
  });

  test("ends before the next write when its lease is somebody else's", async () => {
    let asked = 0;
    const taken = new Failure("jane took it over", "See rotate status.");
    const { ended, happenings } = await run({
      member: () => ({
        permit: async () => {
          if (++asked > 3) throw taken;
        },
        lost: () => (asked > 3 ? taken : undefined),
      }),
    });
    assert.deepEqual([ended.outcome, ended.message], ["failed", "jane took it over"]);
    assert.equal(happenings.filter(({ kind }) => kind === "step-done").length, 3);
  });

  test("waits through a time that is known to end, however long", async () => {
    const { ended } = await run({
      goal: goalOf("next", { leaves: "wait" }),
      loop: { timeoutMs: 5 * minute },
    });
    assert.equal(ended.outcome, "done");
  });
});
