// The chart's package and the manifest of one file, as a stranger applies them: by Helm and kubectl, to a real API server.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { writeChartPackage } from "../../release/chart-package.ts";
import { guardManifest } from "../../release/guard-manifest.ts";
import { chart, home } from "../chart/chart.ts";
import { findProgram, skipWithout } from "../chart/programs.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { kubectlFor } from "../cluster/kubectl.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";

const { version } = manifest;
const deployment = "/apis/apps/v1/namespaces/linkerd-certs/deployments/linkerd-certs";
const image = `ghcr.io/linkerd-certs/linkerd-certs:v${version}`;

describe("what is released of the guard", () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
    await ensureNamespace(cp, "linkerd");
  });
  after(() => cp.stop());

  it("kubectl applies the file, once and again, and then finds no difference", async () => {
    const file = join(cp.dir, "linkerd-certs-guard.yaml");
    writeFileSync(file, guardManifest(join(home, "manifests", "guard"), version));
    for (const words of [
      ["apply", "-f", file],
      ["apply", "-f", file],
      ["diff", "-f", file],
    ])
      assert.equal((await cp.kubectl(words)).code, 0);
    assert.equal(await running(), image);
    assert.equal((await cp.kubectl(["delete", "-f", file])).code, 0);
  });

  it("Helm installs the package", { skip: skipWithout("helm") }, async () => {
    const [to, work] = [join(cp.dir, "dist"), join(cp.dir, "work")];
    for (const folder of [to, work]) mkdirSync(folder);
    const name = await writeChartPackage(version, { folder: chart, to, work, at: new Date(0) });
    const helm = kubectlFor(await findProgram("helm"), cp.kubeconfig, cp.dir);
    const words = ["install", "linkerd-certs", join(to, name), "-n", "linkerd-certs", "--create-namespace"];
    const { code, stderr } = await helm(words);
    assert.equal(code, 0, stderr);
    assert.equal(await running(), image);
  });

  async function running(): Promise<string | undefined> {
    const { body } = await cp.api<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(
      "GET",
      deployment,
    );
    return body.spec.template.spec.containers[0]?.image;
  }
});
