import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { emitErrand } from "../../../plugin/rotate/emit/emit-errand.ts";
import type { Errand, Place } from "../../../plugin/rotate/errand/session.ts";
import { planFleet } from "../../../trust/rotation/fleet.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { readBundle } from "../../../trust/x509/index.ts";
import { testWorld } from "../../plugin/world.ts";
import { overlapped, overlapping, reissued, released } from "../../trust/rotation/on-the-way.ts";
import { goal, next, old } from "../../trust/rotation/views.ts";

async function emitted(clusters: Record<string, RotationView>) {
  const world = testWorld();
  const plans = planFleet(new Map(Object.entries(clusters)), goal);
  const seen = Object.entries(clusters).flatMap(([name, view]) => {
    const plan = plans.get(name);
    return plan === undefined ? [] : [{ name, goal, view, plan }];
  });
  const places = seen.map(({ name }) => ({
    member: { name, observer: { sources: () => ({}) } },
    means: { issuer: async () => ({ chainPem: "chain\n", keyPem: "key\n" }) },
  })) as unknown as Place[]; // as much of them as is asked here
  const errand = { options: { namespace: "linkerd" } } as Errand;
  await emitErrand({ folder: "out", issuer: true }, places, seen, errand, world);
  return {
    anchors: (name: string) => readBundle(world.file(`out/${name}/values.yaml`).replace(/^ +/gm, "")).anchors,
    hasIssuer: (name: string) => existsSync(world.path(`out/${name}/issuer-secret.yaml`)),
    said: world.output().stderr,
  };
}

const fingerprints = (some: readonly { readonly fingerprint: string }[]) =>
  some.map(({ fingerprint }) => fingerprint);

describe("what is to be committed where several clusters are rotated", () => {
  test("holds no issuer of the new anchor before every cluster trusts it", async () => {
    const early = await emitted({ east: overlapped, west: overlapping });
    assert.ok(!early.hasIssuer("east"));
    assert.match(early.said, /east: this stage waits for west \(overlapping\) to trust the incoming anchor/);
    const inTime = await emitted({ east: overlapped, west: overlapped });
    assert.ok(inTime.hasIssuer("east"));
    assert.ok(inTime.hasIssuer("west"));
  });

  test("holds the old anchor until every cluster is rid of its leaves", async () => {
    const early = await emitted({ east: released, west: reissued });
    assert.deepEqual(fingerprints(early.anchors("east")), fingerprints([old, next]));
    const inTime = await emitted({ east: released, west: released });
    assert.deepEqual(fingerprints(inTime.anchors("east")), fingerprints([next]));
  });
});
