import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planFleet } from "../../../trust/rotation/fleet.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { overlapped, overlapping, reissued, released } from "./on-the-way.ts";
import { ago, goal, next, old, view } from "./views.ts";

const fleet = (clusters: Record<string, RotationView | undefined>) =>
  planFleet(new Map(Object.entries(clusters)), goal);

function told(plans: ReturnType<typeof planFleet>) {
  return Object.fromEntries(
    [...plans].map(([name, { steps, waits }]) => [
      name,
      [...steps.map(({ kind }) => kind as string), ...waits.map(({ what }) => what)],
    ]),
  );
}

describe("several clusters", () => {
  test("none issues from the new anchor before every cluster trusts it", () => {
    assert.deepEqual(told(fleet({ east: overlapped, west: overlapping })), {
      east: ["west (overlapping) to trust the incoming anchor"],
      west: ["restart-component"],
    });
    assert.deepEqual(told(fleet({ east: overlapped, west: overlapped, north: reissued })), {
      east: ["write-issuer"],
      west: ["write-issuer"],
      north: ["restart-component"],
    });
  });

  test("none drops the old anchor before every cluster is rid of its leaves", () => {
    assert.deepEqual(told(fleet({ east: released, west: reissued })), {
      east: ["west (reissued) to be rid of leaves of the outgoing anchor"],
      west: ["restart-component"],
    });
    assert.deepEqual(told(fleet({ east: released, west: released })), {
      east: ["write-bundle"],
      west: ["write-bundle"],
    });
  });

  test("one that cannot be seen holds the others at the barrier", () => {
    assert.deepEqual(told(fleet({ east: overlapped, west: undefined })), {
      east: ["west (which cannot be seen) to trust the incoming anchor"],
    });
  });

  test("one that dropped the old anchor too early gets it back while another needs it", () => {
    const early = { ...released, bundle: { anchors: [next], changedAt: ago(10) } };
    const plans = fleet({ east: early, west: reissued });
    assert.deepEqual(told(plans)["east"], ["write-bundle"]);
    const [step] = plans.get("east")?.steps ?? [];
    assert.deepEqual(step?.kind === "write-bundle" && step.adds, [old]);
  });

  test("each may have outgoing anchors of its own", () => {
    const goals = new Map([
      ["east", { ...goal, outgoing: [] }],
      ["west", goal],
    ]);
    const plans = planFleet(
      new Map([
        ["east", view()],
        ["west", overlapped],
      ]),
      goals,
    );
    assert.deepEqual(told(plans)["west"], ["east (settled) to trust the incoming anchor"]);
  });
});
