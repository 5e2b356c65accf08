// The loop ends: with what is done, or with who must do what.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import { refused } from "../../../cluster/rotation/perform/outcome.ts";
import type { Happening } from "../../../plugin/rotate/progress.ts";
import { minute } from "../../trust/rotation/model/cluster.ts";
import { goalOf } from "../../trust/rotation/model/walk.ts";
import { run } from "./loop-run.ts";

describe("the loop ends", () => {
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

  test("looks no longer than it may at leaves that nobody shows", async () => {
    const { ended } = await run({
      kinds: ["bare-pod"],
      member: () => ({ looking: true }),
      loop: { signal: AbortSignal.timeout(60_000) },
    });
    assert.equal(ended.outcome, "blocked");
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
