// The leaves that proxies serve are looked at, where only pods that nobody will restart are left.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { objectPath } from "../cluster/paths.ts";
import { rolledOut } from "../cluster/rollout.ts";
import { anchorGoal, type Execution, execute } from "./executing.ts";
import { type Authority, authority, type Mesh, startMesh } from "./mesh.ts";
import { assertUnbroken } from "./rotating.ts";

const namespace = "shop-0";
const path = objectPath("Deployment", namespace, "app-0");

describe("a pod that nobody will restart", () => {
  let mesh: Mesh;
  const to: Authority = authority("new");
  before(async () => {
    // A leaf lives for a minute with the skew, and is renewed in the course of the test.
    mesh = await startMesh({ workloads: 1, install: { issuanceLifetime: "40s" } });
  });
  after(() => mesh?.stop());

  const shown = ({ happenings }: Execution) =>
    happenings.flatMap((one) => (one.kind === "leaf" ? [one.pod] : []));

  test("no more holds the old anchor once it serves a leaf of the new issuer", async () => {
    const { cp } = mesh;
    const overlap = await execute({
      clusters: { east: cp },
      goal: anchorGoal(mesh.old, to, { until: "overlapped" }),
    });
    assert.equal((await overlap.ended).outcome, "paused");
    await rolledOut(cp, { namespace, name: "app-0" });
    await mustApi(cp.api, "PATCH", path, { spec: { paused: true } });

    const execution = await execute({
      clusters: { east: cp },
      goal: anchorGoal(mesh.old, to, { until: "released" }),
      issuer: to.issuer,
      loop: { wait: true },
      member: { leafEveryMs: 1_000 },
    });
    const { outcome, missing } = await execution.ended;
    assert.deepEqual([outcome, missing], ["paused", []]);
    assert.deepEqual(
      shown(execution).map((pod) => pod.replace(/-[^-]+-[^-]+$/, "")),
      [`${namespace}/app-0`, `${namespace}/app-0`],
    );
    const last = execution.happenings.findLast((one) => one.kind === "stage");
    assert.match(
      last?.kind === "stage" ? last.evidence.join("\n") : "",
      /^handshake: each of 2 proxies of shop-0\/deploy\/app-0 serves a leaf of "/m,
    );
    await assertUnbroken(mesh.standIn);
  });
});
