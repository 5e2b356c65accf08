import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { reflect } from "../../cluster/reflect.ts";
import { eventually } from "../cluster/eventually.ts";
import { scripted } from "../cluster-access/scripted.ts";

const hour = 3_600_000;

it("a silence is as long as it was, whichever way the clock is set meanwhile", async (t) => {
  let now = Date.parse("2026-11-24T12:00:00Z");
  const cluster = scripted({ lists: [{ items: [], version: "5" }] });
  const reflector = reflect(cluster, {
    path: "/api/v1/configmaps",
    project: (object) => object,
    clock: () => new Date(now),
  });
  t.after(() => reflector.stop());
  await eventually("the list", () => reflector.synced);
  await sleep(50);
  now -= hour;
  assert.ok(reflector.silence >= 40, `${reflector.silence} ms`);
  // A machine that slept: its own time stood still.
  now += 2 * hour;
  assert.ok(reflector.silence >= hour, `${reflector.silence} ms`);
});
