// The stand-in behaves as Linkerd does by what is known of it (standin/README.md): else what is proven with it is not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import type { Pod } from "../cluster/objects.ts";
import { collectionPath } from "../cluster/paths.ts";
import { trustAnchorsVariable } from "../cluster/proxy.ts";
import { skip } from "../cluster/skip.ts";
import { beginRestart, identityEvents, restarted, writeBundle, writeIssuer } from "./by-hand.ts";
import { authority, deployment, type Mesh, startMesh } from "./mesh.ts";

const fresh = authority("new");

describe("the stand-in for Linkerd", { skip }, () => {
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({ workloads: 2, replicas: 2 });
  });
  after(() => mesh.stop());

  test("every proxy has a leaf, and they meet in real handshakes", async () => {
    const { handshakes, clusters } = await mesh.standIn.until(
      "handshakes",
      ({ handshakes: { tried } }) => tried > 30,
    );
    assert.equal(handshakes.failed, 0);
    assert.deepEqual([clusters["here"]?.proxies, clusters["here"]?.withoutLeaf], [7, 0]);
  });

  test("the injector goes on with the old bundle until its kubelet has brought it the new one", async () => {
    await mesh.standIn.set({ injectorDelayMs: 4000 }); // for a busy machine to ask in
    await writeBundle(mesh.cp, mesh.old.anchor, fresh.anchor);
    assert.equal(await anchorsOfNewPod(mesh), 1);
    await eventually("the new bundle", async () => (await anchorsOfNewPod(mesh)) === 2);
    await mesh.standIn.set({ injectorDelayMs: 300 });
  });

  test("an issuer whose anchor identity did not read at its start is skipped, though the bundle holds it", async () => {
    await writeIssuer(mesh.cp, fresh.issuer);
    await eventually("the event", async () => (await identityEvents(mesh.cp)).length > 0);
    const [event] = await identityEvents(mesh.cp);
    assert.equal(event?.reason, "IssuerUpdateSkipped");
    assert.match(
      event?.message ?? "",
      /^Skipping issuer update as certs could not be read from disk: failed to verify issuer credentials for 'identity\.linkerd\.cluster\.local' with trust anchors: x509: certificate signed by unknown authority/,
    );
    const { handshakes } = await mesh.standIn.report();
    assert.equal(handshakes.failed, 0);
  });

  test("an issuer that it does know is taken, with an event", async () => {
    await writeIssuer(mesh.cp, mesh.old.issuer);
    await eventually("the event", async () =>
      (await identityEvents(mesh.cp)).some(({ reason }) => reason === "IssuerUpdated"),
    );
  });

  test("a missed update leaves no event, and identity with what it had", async () => {
    await restarted(mesh.cp, "linkerd", "linkerd-identity");
    await mesh.standIn.set({ missedIssuerUpdates: 1 });
    const before = (await identityEvents(mesh.cp)).length;
    await writeIssuer(mesh.cp, fresh.issuer);
    await sleep(1500);
    assert.equal((await identityEvents(mesh.cp)).length, before);
    const report = await mesh.standIn.report();
    assert.match(
      report.clusters["here"]?.identity[0]?.issuer ?? "",
      new RegExp(mesh.old.issuer.fingerprint.slice(0, 8)),
    );
  });

  // https://github.com/linkerd/linkerd2/issues/4287
  test("proxies that trust only the old anchor refuse those with leaves of the new: the outage is seen", async () => {
    await signsWithFresh(3);
    await restarted(mesh.cp, "shop-0", "app-0");
    const { handshakes } = await mesh.standIn.until("failures", ({ handshakes: { failed } }) => failed > 3);
    const [failure] = handshakes.failures;
    assert.match(failure?.why ?? "", /refuses: UNABLE_TO_GET_ISSUER_CERT_LOCALLY/);
    const all = [failure?.client.trusts, failure?.server.trusts].flat().join();
    assert.match(all, /old .*new|new .*old/);
  });

  /** Identity is restarted until it signs with the fresh issuer: a pod may be dated in the second before the stand-in heard of it. */
  async function signsWithFresh(tries: number): Promise<void> {
    const short = fresh.issuer.fingerprint.slice(0, 8);
    await restarted(mesh.cp, "linkerd", "linkerd-identity");
    const seen = mesh.standIn.until(
      "a leaf of the new issuer",
      ({ clusters }) => (clusters["here"]?.kinds ?? []).some(({ leafOf }) => leafOf.includes(short)),
      6_000,
    );
    await (tries > 1 ? seen.catch(() => signsWithFresh(tries - 1)) : seen);
  }

  test("a restart of those that trust too little ends it", async () => {
    await restarted(mesh.cp, "shop-0", "app-1");
    await restarted(mesh.cp, "linkerd", "linkerd-proxy-injector", "linkerd-destination");
    await mesh.standIn.until("the last old pod is gone", ({ clusters }) =>
      (clusters["here"]?.kinds ?? []).every(({ trusts }) => trusts.length === 2),
    );
    await mesh.standIn.reset();
    const { handshakes } = await mesh.standIn.until("handshakes", ({ handshakes: { tried } }) => tried > 40);
    assert.equal(handshakes.failed, 0);
  });

  test("identity that finds no anchor for its issuer crashes at its start, and the old pod stays", async () => {
    await writeBundle(mesh.cp, mesh.old.anchor);
    await beginRestart(mesh.cp, "linkerd", "linkerd-identity");
    await eventually("a crash loop", async () =>
      (await mesh.cp.kubectl(["get", "pods", "-n", "linkerd"])).stdout.includes("CrashLoopBackOff"),
    );
    const { clusters } = await mesh.standIn.report();
    assert.match(Object.values(clusters["here"]?.held ?? {}).join(), /Failed to initialize identity service/);
    assert.equal(clusters["here"]?.identity.length, 1);
  });

  test("once its anchor is back it starts, and the old pod goes", async () => {
    const before = await mesh.standIn.report();
    const [crashed = ""] = Object.keys(before.clusters["here"]?.held ?? {});
    await writeBundle(mesh.cp, mesh.old.anchor, fresh.anchor);
    const { clusters } = await mesh.standIn.until("nothing held", (report) => {
      const here = report.clusters["here"];
      return here?.identity.length === 1 && here.identity[0]?.pod === crashed;
    });
    assert.equal(clusters["here"]?.identity[0]?.anchors.length, 2);
  });

  test("while the injector is down, new pods come without a proxy, as its failure policy says", async () => {
    await mesh.standIn.set({ injectorDown: true });
    await mustApi(
      mesh.cp.api,
      "POST",
      collectionPath("Deployment", "shop-0"),
      deployment({ name: "bare", namespace: "shop-0" }, 1),
    );
    await mesh.standIn.until("a pod without a proxy", ({ clusters }) => clusters["here"]?.uninjected === 1);
    await mesh.standIn.set({ injectorDown: false });
  });
});

/** How many anchors a pod would get that is created now. */
async function anchorsOfNewPod({ cp }: Mesh): Promise<number> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace: "shop-0", annotations: { "linkerd.io/inject": "enabled" } },
    spec: { containers: [{ name: "app", image: "example.test/app:1" }] },
  };
  const made = await mustApi<Pod>(cp.api, "POST", `${collectionPath("Pod", "shop-0")}?dryRun=All`, pod);
  const env = made.spec.initContainers?.find(({ name }) => name === "linkerd-proxy")?.env ?? [];
  return env.find(({ name }) => name === trustAnchorsVariable)?.value?.match(/BEGIN/g)?.length ?? 0;
}
