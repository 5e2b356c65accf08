// The pages that tell how to run the guard, typed from top to bottom.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { skipWithout } from "../chart/programs.ts";
import { freePorts } from "../cluster/ports.ts";
import type { Mesh } from "../rotation/mesh.ts";
import { type Desk, deskAt } from "./desk.ts";
import { type Guarding, guarding } from "./guarding.ts";
import { emojivoto } from "./staging.ts";
import { tellPage } from "./telling.ts";

const install = `kubectl apply -f manifests/guard/namespace.yaml
helm install linkerd-certs manifests/chart --namespace linkerd-certs --wait`;

describe("how to run the guard", { skip: skipWithout("helm") }, () => {
  let mesh: Mesh | undefined;
  let guard: Guarding | undefined;
  let desk: Desk;
  before(async () => {
    mesh = await emojivoto();
    const [guardPort = 0] = await freePorts(1);
    guard = guarding(mesh.cp, guardPort);
    desk = await deskAt(mesh.cp, { guardPort });
  });
  after(async () => {
    await guard?.end();
    await mesh?.stop();
  });

  describe("manifests/README.md", () => {
    tellPage({ page: "manifests/README.md", desk: () => desk });
  });

  describe("docs/operations.md", () => {
    before(() => must("kubectl apply -k manifests"));
    tellPage({
      page: "docs/operations.md",
      desk: () => desk,
      unless: (script) => (script.includes("/proxy/readyz") ? "no kubelet to ask a pod through" : undefined),
      async after(command) {
        // Up to here the page is about plain manifests, then about Helm.
        if (!command.includes("kubectl get events")) return;
        await must(`kubectl delete -k manifests\n${install}`);
        await guard?.after(install);
      },
    });
  });

  describe("docs/upgrading.md", () => {
    tellPage({
      page: "docs/upgrading.md",
      desk: () => desk,
      unless: (script) => (script.includes("krew") ? "the first ten minutes do" : undefined),
    });
  });

  async function must(script: string): Promise<void> {
    const { code, output } = await desk.run(script);
    assert.equal(code, 0, output);
  }
});
