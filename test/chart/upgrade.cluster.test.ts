import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { bundle } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { type Kubectl, kubectlFor } from "../cluster/kubectl.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Balancer, startBalancer } from "../steadiness/balancer.ts";
import { type Replicas, replicasOf } from "../steadiness/replicas.ts";
import { inForce, installTrust, knownWrites } from "../steadiness/trust.ts";
import { startWriters, type Tally, told } from "../steadiness/writers.ts";
import { redirected } from "./chart.ts";
import { findProgram, skipWithout } from "./programs.ts";

const calls = 1500;
const perSecond = 100;

describe("an upgrade by Helm, with writes going on", { skip: skipWithout("helm") }, () => {
  const material = mintMaterial(new Date());
  let cp: ControlPlane;
  let helm: Kubectl;
  let balancer: Balancer;
  let replicas: Replicas;
  const release = (version: string) => [
    ...["linkerd-certs", redirected(cp.dir, { version }), "-n", "linkerd-certs", "--create-namespace"],
    ...["--set", `service.port=${balancer.port}`],
  ];
  before(async () => {
    cp = await startControlPlane();
    helm = kubectlFor(await findProgram("helm"), cp.kubeconfig, cp.dir);
    await installTrust(cp, material);
    await ensureNamespace(cp, "linkerd");
    // Run by kwok: one that is only placed would be collected after a minute, and with it the need to refuse much.
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
    balancer = await startBalancer();
    await done(helm(["install", ...release("0.1.0")]));
    replicas = replicasOf(cp, balancer, {});
    await Promise.all([replicas.grow(), replicas.grow()]);
    await inForce(cp);
  });
  after(async () => {
    await replicas?.end();
    await balancer?.close();
    await cp.stop();
  });

  const steps: Readonly<Record<string, () => readonly string[]>> = {
    "to the next version": () => ["upgrade", ...release("0.2.0"), "--set", "log.level=debug"],
    "and back": () => ["rollback", "linkerd-certs", "-n", "linkerd-certs"],
  };
  for (const [what, command] of Object.entries(steps)) {
    it(`refuses no good write and lets no bad one pass: ${what}`, async (t) => {
      const writers = startWriters(cp, knownWrites(material), perSecond);
      const old = new Set(replicas.running.map(({ pid }) => pid));
      await eventually("it is asked", () => writers.answered() > perSecond);
      await done(helm(command()));
      // The Deployment's pods are kwok's; these are the guards that answer, replaced as it replaces its pods.
      await replicas.roll();
      assert.ok(replicas.running.every(({ pid }) => !old.has(pid)));
      await eventually(`${calls} calls`, () => writers.answered() >= calls, { timeoutMs: 120_000 });
      sound(t, await writers.stop());
    });
  }
});

async function done(command: ReturnType<Kubectl>): Promise<void> {
  const { code, stderr } = await command;
  assert.equal(code, 0, stderr);
}

function sound(t: TestContext, tally: Tally): void {
  t.diagnostic(told(tally));
  const { lost, wronglyRefused, wronglyPassed } = tally;
  assert.deepEqual(
    { lost, wronglyRefused, wronglyPassed },
    { lost: [], wronglyRefused: [], wronglyPassed: [] },
  );
}
