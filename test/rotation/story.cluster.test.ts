// The workshop's story with the command: a mesh moves to another anchor while it serves, and what went wrong in the
// workshop's live demo goes right here.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import type { ConfigMap } from "../cluster/objects.ts";
import { objectPath } from "../cluster/paths.ts";
import { skip } from "../cluster/skip.ts";
import { identityEvents, restarted, writeBundle, writeIssuer } from "./by-hand.ts";
import { authority, type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, assertUnbroken, incoming, restarts, rotating } from "./rotating.ts";

describe("the workshop's story", { skip }, () => {
  let mesh: Mesh;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: 3, replicas: 2 });
    await mesh.standIn.reset();
  });
  afterEach(() => mesh.stop());

  test("one command takes the mesh to the new anchor, stage by stage, and no handshake fails; once more does nothing", async () => {
    const to = incoming(mesh.cp);
    const ended = await rotating(mesh, to).ended;
    assertDone(ended);
    const stages = ended.told.filter(({ type }) => type === "stage").map(({ stage }) => stage);
    assert.deepEqual(
      stages.filter((stage, at) => stages.indexOf(stage) === at),
      ["settled", "overlapping", "overlapped", "reissued", "released", "dropping", "renewed"],
    );
    const { handshakes } = await assertRenewed(mesh, to.authority);
    const met = Object.keys(handshakes.met);
    assert.ok(
      met.some((pair) => /^old \(\w+\), .* -> new/.test(pair)) &&
        met.some((pair) => /^new.* -> old \(\w+\), /.test(pair)),
      `old and new have met: ${met.join("\n")}`,
    );
    for (const [workload, count] of await restarts(mesh.cp))
      assert.ok(count <= 3, `${workload}: ${count} restarts`);

    const before = await restarts(mesh.cp);
    const again = await rotating(mesh, to).ended;
    assertDone(again);
    assert.deepEqual(
      again.told.filter(({ type }) => type === "step-begun"),
      [],
    );
    assert.deepEqual(await restarts(mesh.cp), before);
  });

  test("the issuer was swapped before identity knew its anchor: the command brings the mesh home", async () => {
    const to = incoming(mesh.cp);
    await writeBundle(mesh.cp, mesh.old.anchor, to.authority.anchor);
    await writeIssuer(mesh.cp, to.authority.issuer);
    await eventually("identity skips it", async () =>
      (await identityEvents(mesh.cp)).some(({ reason }) => reason === "IssuerUpdateSkipped"),
    );
    assertDone(await rotating(mesh, to).ended);
    // While identity itself is rolled out, its old pod would refuse its new one; they never call one another.
    await assertRenewed(mesh, to.authority, /^linkerd\/linkerd-identity-/);
  });

  test("the new anchor's files were overwritten half-way: nothing is written, and both ways out are told", async () => {
    const to = incoming(mesh.cp);
    assertDone(await rotating(mesh, to, ["--pause-after", "overlapped"]).ended);
    const another = authority("new");
    writeFileSync(join(to.dir, "ca.crt"), another.anchor.pem);
    writeFileSync(join(to.dir, "ca.key"), another.anchor.keyPem);
    const before = await bundleText(mesh);
    const ended = await rotating(mesh, to).ended;
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, /rotate abort/);
    assert.equal(await bundleText(mesh), before);
    // The first way out: the files as they were.
    writeFileSync(join(to.dir, "ca.crt"), to.authority.anchor.pem);
    writeFileSync(join(to.dir, "ca.key"), to.authority.anchor.keyPem);
    assertDone(await rotating(mesh, to).ended);
    await assertRenewed(mesh, to.authority);
  });

  test("somebody has done the first stage by hand: it is not done again", async () => {
    const to = incoming(mesh.cp);
    await writeBundle(mesh.cp, mesh.old.anchor, to.authority.anchor);
    await restarted(mesh.cp, "linkerd", "linkerd-identity", "linkerd-proxy-injector", "linkerd-destination");
    await restarted(mesh.cp, "shop-0", "app-0", "app-1", "app-2");
    const ended = await rotating(mesh, to, ["--pause-after", "reissued"]).ended;
    assertDone(ended);
    const begun = ended.told.filter(({ type }) => type === "step-begun").map(({ step }) => step?.kind);
    assert.ok(!begun.includes("restart-workload") && !begun.includes("write-bundle"), begun.join());
    await assertUnbroken(mesh.standIn);
  });
});

async function bundleText({ cp }: Mesh): Promise<string | undefined> {
  const path = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
  return (await mustApi<ConfigMap>(cp.api, "GET", path)).data["ca-bundle.crt"];
}
