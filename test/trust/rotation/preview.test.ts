import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { preview, type StageAhead } from "../../../trust/rotation/preview.ts";
import { after, hour } from "../../certificates/index.ts";
import { goal, group, issuers, live, longAgo, old, rolledOut, view, workload } from "./views.ts";

const told = (ahead: readonly StageAhead[]) =>
  ahead.map(({ stage, steps, blocks, until }) => [
    stage,
    ...steps.map((step) =>
      step.kind === "restart-component"
        ? step.component
        : step.kind === "restart-workload"
          ? step.workload
          : step.kind,
    ),
    ...blocks.map(({ workload: id, what }) => `a person: ${id ?? what}`),
    ...(until === undefined ? [] : ["wait"]),
  ]);

const linkerd = ["identity", "proxy-injector", "destination"];

describe("the way ahead, from the first look", () => {
  test("every stage with what it will do", () => {
    assert.deepEqual(told(preview(view(), goal)), [
      ["settled", "write-bundle"],
      ["overlapping", ...linkerd, "prove-injector", "emojivoto/deploy/web"],
      ["overlapped", "write-issuer"],
      ["reissued", "identity", "proxy-injector", "prove-injector", "destination", "emojivoto/deploy/web"],
      ["released", "write-bundle"],
      ["dropping", ...linkerd, "prove-injector", "emojivoto/deploy/web"],
    ]);
  });

  test("where leaves are waited for and proxies are let be, each is restarted once", () => {
    const patient = { ...goal, leaves: "wait", lazy: true } as const;
    assert.deepEqual(told(preview(view(), patient)), [
      ["settled", "write-bundle"],
      ["overlapping", ...linkerd, "prove-injector", "emojivoto/deploy/web"],
      ["overlapped", "write-issuer"],
      ["reissued", "wait"],
      ["released", "write-bundle"],
      ["dropping", ...linkerd],
    ]);
  });

  test("what a person will have to do, and jobs that end by themselves", () => {
    const restartable = { kind: "bare-pod", remedy: "Make it anew." } as const;
    const job = { kind: "job", remedy: "Wait for its end." } as const;
    const seen = view({
      workloads: [
        workload("a/pod/lonely", [group([old])], { restartable }),
        workload("a/job/night", [group([old])], { restartable: job }),
      ],
    });
    const ahead = told(preview(seen, goal));
    assert.deepEqual(ahead[1], ["overlapping", ...linkerd, "prove-injector", "a person: a/pod/lonely"]);
    assert.equal(ahead.at(-1)?.[0], "dropping");
  });

  test("what rolls is taken to come up, and what failed is a person's", () => {
    const rolling = { ...rolledOut, state: "rolling" } as const;
    const failed = { ...rolledOut, state: "failed" } as const;
    const of = (rollout: typeof rolling | typeof failed) =>
      view({ workloads: [workload("a/deploy/b", [group([old])], { rollout })] });
    assert.deepEqual(told(preview(of(rolling), goal))[1]?.at(-1), "a/deploy/b");
    assert.deepEqual(told(preview(of(failed), goal))[1]?.at(-1), "a person: a/deploy/b");
  });

  test("it ends where nobody can go on", () => {
    const expired = view({ issuer: live(issuers.third), now: after(hour) });
    assert.deepEqual(
      preview(expired, goal).map(({ stage, steps }) => [stage, steps.length]),
      [["settled", 0]],
    );
  });

  test("a thousand workloads are looked over at once", () => {
    const workloads = Array.from({ length: 1000 }, (_, i) =>
      workload(`a/deploy/w${i}`, [group([old], longAgo)]),
    );
    const restarts = preview(view({ workloads }), goal).map(
      ({ steps }) => steps.filter(({ kind }) => kind === "restart-workload").length,
    );
    assert.deepEqual(restarts, [0, 1000, 0, 1000, 0, 1000]);
  });
});
