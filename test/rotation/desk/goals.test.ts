import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goalToGoOnWith, rotationToGoOnWith, storedGoal } from "../../../plugin/rotate/goals.ts";
import type { Seat } from "../../../plugin/rotate/seat.ts";
import { goal } from "../../trust/rotation/views.ts";

function seat(name: string, clusters?: readonly string[]): Seat {
  const opening = {
    apiVersion: "linkerd-certs.io/v1",
    kind: "Rotation",
    id: "7",
    begun: { at: "2026-06-01T12:00:00Z", who: "jane@laptop", cluster: name },
    goal: storedGoal(goal),
    options: clusters === undefined ? {} : { clusters },
  } as const;
  return { name, open: { id: "7", opening, lines: [], state: "unfinished" } } as unknown as Seat; // as much as is asked
}

describe("a rotation that is recorded", () => {
  const together = ["east", "west"];

  test("goes on in all the clusters that it was begun in, or not at all", () => {
    assert.throws(() => goalToGoOnWith([seat("east", together)], "anchor", []), {
      message: "rotation 7 was begun in east, west together, and each waits for the others",
      hint: /Name all of them: --context east --context west\. .*rotate abort/,
    });
    // Another machine may call them otherwise.
    const both = [seat("prod-east", together), seat("prod-west", together)];
    assert.equal(goalToGoOnWith(both, "anchor", [])?.kind, "anchor");
  });

  test("goes on alone where it was begun alone, or by an earlier version", () => {
    assert.equal(goalToGoOnWith([seat("east", ["east"])], "anchor", [])?.kind, "anchor");
    assert.equal(goalToGoOnWith([seat("east")], "anchor", [])?.kind, "anchor");
  });

  test("is begun anew where what it was to reach is lost", () => {
    const lost = { name: "east", open: { id: "7", lines: [], state: "unfinished" } } as unknown as Seat;
    assert.equal(goalToGoOnWith([lost], "anchor", []), undefined);
    assert.equal(rotationToGoOnWith([lost]), undefined);
    assert.equal(rotationToGoOnWith([lost, seat("west")]), "7");
  });
});
