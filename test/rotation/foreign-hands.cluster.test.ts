// Others work in the same cluster while it rotates. The command sees what they did, and goes on from there.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { create } from "../cluster/linkerd.ts";
import { objectPath } from "../cluster/paths.ts";
import { skip } from "../cluster/skip.ts";
import { beginRestart, writeBundle } from "./by-hand.ts";
import type { Ended, Told, Working } from "./command.ts";
import { deployment, type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, assertUnbroken, type Incoming, incoming, rotating } from "./rotating.ts";

describe("foreign hands", { skip }, () => {
  let mesh: Mesh;
  let to: Incoming;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: 4, replicas: 2 });
    to = incoming(mesh.cp);
    await mesh.standIn.reset();
  });
  afterEach(() => mesh.stop());

  const slowly = ["--max-parallel", "1"];
  const restarts = (stage: string) =>
    seen(stage, ({ step, type }) => type === "step-begun" && step?.kind === "restart-workload");

  test("Helm brings the old bundle back while the mesh is to trust both", async () => {
    const working = rotating(mesh, to, slowly);
    await working.tells("a restart", restarts("overlapping")(working));
    await writeBundle(mesh.cp, mesh.old.anchor);
    const ended = await working.ended;
    assertDone(ended);
    assert.ok(bundleWrites(ended) > 2, "what Helm took away was put back");
    await assertRenewed(mesh, to.authority);
  });

  test("Helm brings the old bundle back when leaves are issued from the new anchor", async () => {
    const working = rotating(mesh, to, slowly);
    await working.tells("a restart", restarts("reissued")(working));
    await writeBundle(mesh.cp, mesh.old.anchor);
    const ended = await working.ended;
    assertDone(ended);
    assert.ok(bundleWrites(ended) > 2, "what Helm took away was put back");
    await assertRenewed(mesh, to.authority);
  });

  test("the issuer's Secret is deleted", async () => {
    const working = rotating(mesh, to, slowly);
    await working.tells("a restart", restarts("overlapping")(working));
    await mustApi(mesh.cp.api, "DELETE", objectPath("Secret", "linkerd", "linkerd-identity-issuer"));
    const ended = await working.ended;
    // Identity keeps what it has in memory, but must not be restarted: a person decides, or it is written again.
    if (ended.code !== 0)
      assert.match(JSON.stringify(ended.told.slice(-3)) + ended.stderr, /linkerd-identity-issuer|issuer/);
    else await assertRenewed(mesh, to.authority);
    await assertUnbroken(mesh.standIn);
  });

  test("workloads are scaled, restarted by hand, made and deleted", async () => {
    const working = rotating(mesh, to, slowly);
    await working.tells("a restart", restarts("overlapping")(working));
    const path = (name: string) => objectPath("Deployment", "shop-0", name);
    await mustApi(mesh.cp.api, "PATCH", path("app-0"), { spec: { replicas: 5 } });
    await mustApi(mesh.cp.api, "PATCH", path("app-1"), { spec: { replicas: 0 } });
    await beginRestart(mesh.cp, "shop-0", "app-2");
    await mustApi(mesh.cp.api, "DELETE", path("app-3"));
    await create(mesh.cp, deployment({ name: "late", namespace: "shop-0" }, 2));
    await working.tells("a restart", restarts("reissued")(working));
    await mustApi(mesh.cp.api, "PATCH", path("app-1"), { spec: { replicas: 3 } });
    await mustApi(mesh.cp.api, "PATCH", path("app-0"), { spec: { replicas: 1 } });
    assertDone(await working.ended);
    await assertRenewed(mesh, to.authority);
  });

  test("a Deployment is paused: it is named with what to do, and when that is done all goes on", async () => {
    await mustApi(mesh.cp.api, "PATCH", objectPath("Deployment", "shop-0", "app-1"), {
      spec: { paused: true },
    });
    const first = await rotating(mesh, to).ended;
    assert.notEqual(first.code, 0);
    assert.match(JSON.stringify(first.told), /kubectl rollout resume/);
    assert.match(JSON.stringify(first.told), /shop-0\/deploy\/app-1/);
    await assertUnbroken(mesh.standIn);
    await mustApi(mesh.cp.api, "PATCH", objectPath("Deployment", "shop-0", "app-1"), {
      spec: { paused: false },
    });
    assertDone(await rotating(mesh, to).ended);
    await assertRenewed(mesh, to.authority);
  });
});

function bundleWrites({ told }: Ended): number {
  return told.filter(({ type, step }) => type === "step-done" && step?.kind === "write-bundle").length;
}

/** So, while that stage is the last one told of. */
function seen(stage: string, isSo: (line: Told) => boolean): (working: Working) => (line: Told) => boolean {
  return ({ told }) =>
    (line) => {
      const until = told.slice(0, told.indexOf(line) + 1);
      return isSo(line) && until.findLast((one) => one.type === "stage")?.stage === stage;
    };
}
