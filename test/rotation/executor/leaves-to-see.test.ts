import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leavesShown, lineText, readLines } from "../../../cluster/rotation/journal/journal-line.ts";
import { lookAtLeaves } from "../../../plugin/rotate/loop/leaves-to-see.ts";
import { lineOf } from "../../../plugin/rotate/record.ts";
import { plan } from "../../../trust/rotation/planner.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { overlapped, reissued } from "../../trust/rotation/on-the-way.ts";
import {
  ago,
  controlPlane,
  goal,
  group,
  issuers,
  live,
  next,
  old,
  workload,
} from "../../trust/rotation/views.ts";

const bare = { restartable: { kind: "bare-pod", remedy: "Make it anew." } } as const;
const lonely = workload("shop/pod/lonely", [group([old, next], ago(40))], bare);
const web = workload("shop/deploy/web", [group([old, next], ago(40))]);
const done = {
  ...reissued,
  controlPlane: controlPlane(ago(20)),
  injects: { anchors: [old, next], at: ago(10) },
};

function looked(view: RotationView): readonly string[] {
  const asked: string[] = [];
  lookAtLeaves(view, plan(view, goal), { lookAtLeaves: (ids) => void asked.push(...ids) });
  return asked;
}

describe("the leaves that are to be seen", () => {
  test("are those of pods that nobody restarts, once nothing else is left", () => {
    assert.deepEqual(looked({ ...done, workloads: [lonely] }), ["shop/pod/lonely"]);
    assert.deepEqual(looked({ ...done, workloads: [lonely, web] }), [], "web is restarted first");
  });

  test("are none before the new issuer is in use", () => {
    assert.deepEqual(looked({ ...overlapped, workloads: [lonely] }), []);
    const { inUse: _, ...unproven } = live(issuers.next, ago(1));
    assert.deepEqual(looked({ ...done, issuer: unproven, workloads: [lonely] }), []);
  });

  test("stand in the journal for the next run, and for people", () => {
    const seen = { pod: "shop/lonely", madeAt: ago(40), issuer: "ab12cd34".repeat(8), seenAt: ago(5) };
    const recording = { who: "jane@laptop", rotation: "r", namespace: "linkerd" };
    const line = lineOf(
      { kind: "leaf", at: ago(5), cluster: "east", ...seen },
      "reissued",
      "east",
      recording,
    );
    assert.equal(line?.says, "handshake: shop/lonely serves a leaf of issuer ab12cd34");
    assert.deepEqual(leavesShown(line === undefined ? [] : readLines(lineText(line))), [seen]);
  });
});
