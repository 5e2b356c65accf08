import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it, type TestContext } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { installGuard } from "../manifests/install.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { type Replicas, replicasOf } from "./replicas.ts";
import { inForce, installProxy, installTrust, type Known, knownWrites } from "./trust.ts";
import { startWriters, type Tally, told, type Writers } from "./writers.ts";

/** In sum; a tenth of them for the replica that is killed. */
const calls = Number(process.env["LINKERD_CERTS_CALLS"] ?? 10_000);
/** A change of authority is due after two thirds of its life. */
const certificate = { leafLifetime: "12s", authorityLifetime: "36s", settle: "2s", poll: "500ms" };
const perSecond = 150;

describe("the guard under writes", { skip }, () => {
  const material = mintMaterial(new Date());
  const writes: readonly Known[] = knownWrites(material);
  let cp: ControlPlane;
  let balancer: Balancer;
  let replicas: Replicas;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    await installTrust(cp, material);
    await installProxy(cp, material.first);
    balancer = await startBalancer();
    await installGuard(cp, { port: balancer.port });
    replicas = replicasOf(cp, balancer, certificate);
    await Promise.all([replicas.grow(), replicas.grow(), replicas.grow()]);
    await inForce(cp);
  });
  after(async () => {
    await replicas.end();
    await balancer.close();
    await cp.stop();
  });

  it("loses no call and refuses none wrongly while all replicas are replaced", async (t) => {
    const writers = startWriters(cp, writes, perSecond);
    const old = new Set(replicas.running.map(({ pid }) => pid));
    await replicas.roll();
    assert.ok(replicas.running.every(({ pid }) => !old.has(pid)));
    sound(t, await enough(writers, calls * 0.4));
  });

  it("loses no call beyond those on their way when a replica is killed", async (t) => {
    const writers = startWriters(cp, writes, perSecond);
    await eventually("it is asked", () => writers.answered() > perSecond);
    const [victim] = replicas.running;
    assert.ok(victim);
    const unmet = balancer.unmet;
    const before = writers.answered();
    await replicas.kill(victim);
    await eventually("its connections are gone", () => balancer.open(victim.port) === 0);
    const inFlight = writers.sent() - before;
    await replicas.grow();
    const tally = await enough(writers, calls * 0.1);
    const met = balancer.unmet - unmet;
    t.diagnostic(`${told(tally)}; in flight ${inFlight}, connections to the dead one ${met}`);
    assert.deepEqual([tally.wronglyRefused, tally.wronglyPassed], [[], []]);
    assert.ok(tally.lost.length <= inFlight + met, tally.lost.slice(0, 20).join("\n"));
  });

  it("loses no call and refuses none wrongly while leaf and authority change", async (t) => {
    const authorities = new Set<string>();
    const leaves = new Set<string>();
    const writers = startWriters(cp, writes, perSecond);
    await eventually(
      "three authorities have signed",
      async () => {
        const { ca, leaf } = await inSecret(cp);
        authorities.add(ca);
        leaves.add(leaf);
        return authorities.size > 2;
      },
      { timeoutMs: 120_000, everyMs: 250 },
    );
    const tally = await enough(writers, calls * 0.5);
    t.diagnostic(`${authorities.size - 1} changes of the authority, ${leaves.size - 1} of the leaf`);
    sound(t, tally);
  });
});

/** Waits until there were that many. */
async function enough(writers: Writers, count: number): Promise<Tally> {
  await eventually(`${count} calls`, () => writers.answered() >= count, { timeoutMs: 120_000 });
  return await writers.stop();
}

function sound(t: TestContext, tally: Tally): void {
  t.diagnostic(told(tally));
  const some = (list: readonly string[]) => list.slice(0, 5);
  const { lost, wronglyRefused, wronglyPassed } = tally;
  assert.deepEqual(
    { lost: some(lost), wronglyRefused: some(wronglyRefused), wronglyPassed: some(wronglyPassed) },
    { lost: [], wronglyRefused: [], wronglyPassed: [] },
  );
}

async function inSecret(cp: ControlPlane): Promise<{ readonly ca: string; readonly leaf: string }> {
  const path = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";
  const { body } = await cp.api<{ data: Readonly<Record<string, string>> }>("GET", path);
  const fingerprint = (key: string) =>
    new X509Certificate(Buffer.from(body.data[key] ?? "", "base64")).fingerprint256;
  return { ca: fingerprint("ca.crt"), leaf: fingerprint("tls.crt") };
}
