import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../cluster/connect.ts";
import { Failure } from "../../../cluster/failure.ts";
import { leavesSeen } from "../../../cluster/rotation/observe/leaves-seen.ts";
import type { MeshedPod } from "../../../cluster/rotation/workloads/pods.ts";
import type { LeafSeen, LiveIssuer } from "../../../trust/rotation/view.ts";
import { anchor, issuer, leaf, type Minted } from "../../certificates/index.ts";
import { eventually } from "../../cluster/eventually.ts";
import { serveLeaf } from "../../cluster/kubelet.ts";
import { opened } from "../../trust/opened.ts";

const root = anchor("new");
const [former, live] = [issuer(root), issuer(root)];
// cert-manager keeps the key where its Certificate says rotationPolicy: Never.
const sameKey = issuer(anchor("old"), { key: live.key });
const noon = new Date("2026-06-01T12:00:00Z");
const minutes = (n: number) => new Date(noon.getTime() + n * 60_000);
const identityName = "default.shop.serviceaccount.identity.linkerd.cluster.local";

const pod = (name: string, more: Partial<MeshedPod> = {}): MeshedPod => ({
  ...{ workload: "shop/pod/lonely", namespace: "shop", name, identityName, graceMs: 30_000 },
  ...{
    createdAt: minutes(-60),
    leaving: false,
    ready: true,
    proxy: { namespace: "shop", workload: "pod/lonely" },
  },
  ...more,
});
const inUse = (certificate: Minted, since: Date): LiveIssuer => ({
  certificate: opened(certificate),
  intermediates: [],
  changedAt: since,
  inUse: { since, evidence: "IssuerUpdated" },
});
const these = new Set(["shop/pod/lonely"]);

describe("the leaves that pods serve", () => {
  const ports = new Map<string, Awaited<ReturnType<typeof serveLeaf>>>();
  before(async () => {
    const names = [`dns:${identityName}`] as const;
    for (const [name, signer, sans] of [
      ["new", live, names],
      ["old", former, names],
      ["renewed", sameKey, names],
      ["stranger", live, ["dns:another"]],
    ] as const) {
      const shown = leaf(signer, { sans });
      ports.set(name, await serveLeaf([shown, signer], shown.keyPem));
    }
  });
  after(() => ports.forEach((port) => void port.stop()));

  function looking(options: { recorded?: readonly LeafSeen[]; refused?: number } = {}) {
    const { recorded = [] } = options;
    let { refused } = options;
    const asked: string[] = [];
    let [time, under, most] = [noon, 0, 0];
    const forward: Cluster["forward"] = async ({ name }) => {
      asked.push(name);
      if (refused !== undefined) throw new Failure("no", "", { status: refused });
      most = Math.max(most, ++under);
      await sleep(5);
      under--;
      return tcp(ports.get(name.replace(/-.*/, ""))?.port ?? 0, "127.0.0.1");
    };
    const leaves = leavesSeen(
      { forward } as Cluster, // nothing else is asked of it
      {
        ...{ now: () => time, signal: new AbortController().signal, recorded, everyMs: 60_000 },
        changed: () => {},
      },
    );
    return {
      asked,
      leaves,
      most: () => most,
      async look(of: LiveIssuer, ...pods: readonly MeshedPod[]) {
        leaves.look(pods, these, of);
        await eventually("the look is over", () => !leaves.looking);
      },
      later(at: Date) {
        time = at;
      },
      permit() {
        refused = undefined;
      },
    };
  }

  test("show that the live issuer has signed them, or that it has not", async () => {
    const { leaves, look } = looking();
    const of = inUse(live, minutes(-5));
    await look(of, pod("new"), pod("old"), pod("stranger"), pod("renewed"));
    assert.deepEqual(leaves.by(of)(pod("new")), {
      ...{ pod: "shop/new", madeAt: minutes(-60), issuer: live.fingerprint, seenAt: noon },
    });
    assert.deepEqual(
      ["old", "stranger", "renewed"].map((name) => leaves.by(of)(pod(name))),
      [undefined, undefined, undefined],
    );
  });

  test("show nothing of another pod of the same name, of another issuer, or once the issuer was written anew", async () => {
    const { leaves, look } = looking();
    await look(inUse(live, minutes(-5)), pod("new"));
    assert.equal(leaves.by(inUse(live, minutes(-5)))(pod("new", { createdAt: minutes(-50) })), undefined);
    assert.equal(leaves.by(inUse(former, minutes(-5)))(pod("new")), undefined);
    assert.equal(leaves.by(inUse(live, minutes(1)))(pod("new")), undefined);
    assert.equal(leaves.by(undefined)(pod("new")), undefined);
  });

  test("are believed as the journal has them", () => {
    const one = { pod: "shop/new", madeAt: minutes(-60), issuer: live.fingerprint, seenAt: minutes(-1) };
    const { leaves } = looking({ recorded: [one] });
    assert.deepEqual(leaves.by(inUse(live, minutes(-5)))(pod("new")), one);
  });

  test("are looked at once a minute, and not where they cannot be old", async () => {
    const { asked, look, later } = looking();
    const of = inUse(live, minutes(-5));
    const others = [pod("new-leaving", { leaving: true }), pod("new-fresh", { createdAt: minutes(-4) })];
    const elsewhere = pod("new-elsewhere", { workload: "shop/deploy/web" });
    await look(of, pod("old"), pod("new"), elsewhere, ...others);
    await look(of, pod("old"), pod("new"));
    assert.deepEqual(asked, ["old", "new"]);
    later(minutes(1));
    await look(of, pod("old"), pod("new"));
    assert.deepEqual(asked, ["old", "new", "old"]);
  });

  test("are not looked at before identity is proven to sign", async () => {
    const { asked, look } = looking();
    const { inUse: _, ...unproven } = inUse(live, minutes(-5));
    await look(unproven, pod("new"));
    assert.deepEqual(asked, []);
  });

  test("are looked at a handful at a time", async () => {
    const { look, most, asked } = looking();
    await look(inUse(live, minutes(-5)), ...Array.from({ length: 20 }, (_, n) => pod(`new-${n}`)));
    assert.deepEqual([asked.length, most() <= 4], [20, true]);
  });

  test("are left alone where our account may not look, and that is said; one is asked for now and then, should it be allowed", async () => {
    const { asked, leaves, look, later, permit } = looking({ refused: 403 });
    const of = inUse(live, minutes(-5));
    const pods = Array.from({ length: 20 }, (_, n) => pod(`new-${n}`));
    await look(of, ...pods);
    const refusals = asked.length;
    assert.ok(refusals <= 4, asked.join());
    assert.deepEqual(leaves.hiddenIn, ["shop"]);
    later(minutes(0.5));
    await look(of, ...pods);
    assert.equal(asked.length, refusals, "not again so soon");
    permit();
    later(minutes(5));
    await look(of, ...pods);
    assert.deepEqual(leaves.hiddenIn, []);
    assert.ok(pods.every((one) => leaves.by(of)(one) !== undefined));
  });
});
