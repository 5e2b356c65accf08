// However a rotation is told to end, it lets go of its lease, and nobody has to wait for that to lapse.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { type Incoming, incoming, rotating } from "./rotating.ts";

const lease = "/apis/coordination.k8s.io/v1/namespaces/linkerd/leases/linkerd-certs-rotation";

describe("a rotation that is told to end", () => {
  let mesh: Mesh;
  let to: Incoming;
  before(async () => {
    mesh = await startMesh({ workloads: 1, replicas: 1 });
    to = incoming(mesh.cp);
  });
  after(() => mesh?.stop());

  for (const [signal, how] of [
    ["SIGINT", "by Ctrl-C"],
    ["SIGTERM", "as the job that it is"],
    ["SIGHUP", "by a terminal that is closed"],
  ] as const)
    test(`${how} lets go of its lease`, async () => {
      const working = rotating(mesh, to);
      await working.tells("a step", ({ type }) => type === "step-done");
      working.kill(signal);
      const { code, told } = await working.ended;
      assert.deepEqual([code, told.at(-1)?.outcome], [130, "interrupted"]);
      const { spec } = await mustApi<{ spec: { holderIdentity?: string } }>(mesh.cp.api, "GET", lease);
      assert.equal(spec.holderIdentity ?? "", "");
    });
});
