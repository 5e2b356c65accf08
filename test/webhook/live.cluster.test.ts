import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { silent } from "../../cluster/log.ts";
import { type Live, watchLive } from "../../webhook/live/live.ts";
import { anchor, bundle, issuer } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { issuerSecret } from "../cluster/control-plane-objects.ts";
import { eventually } from "../cluster/eventually.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";
import { account, inCluster, inNamespace } from "../cluster-access/account.ts";
import { spellings, whereabouts } from "./live-secrecy.ts";

const trustRootsPath = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";
const issuerPath = "/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer";

const root = anchor("first");
const next = anchor("second");
const current = issuer(root);
const install = {
  bundle: root.pem,
  issuer: { chainPem: current.pem, keyPem: current.keyPem },
};

describe("the live state of a real cluster", { skip }, () => {
  let cp: ControlPlane;
  let kubeconfig: string;
  before(async () => {
    cp = await startControlPlane();
    await installLinkerd(cp, install);
    await inject(cp, { name: "web", namespace: "emojivoto", bundle: root.pem, replicas: 2 });
    const rules = { namespaced: inNamespace, clusterWide: inCluster("linkerd") };
    kubeconfig = await account(cp, "guard", "linkerd", rules);
  });
  after(() => cp.stop());

  test("is ready when everything is listed, with no more permission than it needs", async (t) => {
    const { live } = await start(t);
    assert.equal(live.status().ready, false);
    await ready(live);
    const { trustRoots, issuerSecret: secret, install: config, mesh, terminating } = live.sources();
    assert.deepEqual(live.lost(), []);
    assert.equal(live.status().mesh, "seen");
    assert.deepEqual(
      trustRoots?.reading?.anchors.map(({ name }) => name),
      ["first"],
    );
    assert.equal(secret?.readings["linkerd.io/tls"]?.key, "matches");
    assert.equal(config?.trustDomain, "cluster.local");
    assert.equal(terminating, false);
    assert.deepEqual(
      mesh?.held.map(({ workloads, proxies }) => ({ workloads, proxies })),
      [{ workloads: ["emojivoto/deploy/web"], proxies: 2 }],
    );
    assert.equal(mesh?.controlPlane.length, 3);
    assert.ok(mesh?.identity);
  });

  test("the issuer's private key is in no object that the live state holds", async (t) => {
    const { live } = await start(t);
    await ready(live);
    const spelled = spellings(current.keyPem);
    assert.equal(whereabouts({ planted: [Buffer.from(current.keyPem)] }, spelled).length, 1);
    assert.deepEqual(whereabouts(live.sources(), spelled), []);
  });

  test("follows a write of the bundle, and remembers both issuers of a change", async (t) => {
    const { live } = await start(t);
    await ready(live);
    const both = bundle(root, next);
    await mustApi(cp.api, "PATCH", trustRootsPath, { data: { "ca-bundle.crt": both } });
    await eventually("both anchors", () => live.sources().trustRoots?.reading?.anchors.length === 2);
    const renewed = issuer(next, { name: "renewed" });
    const credentials = { chainPem: renewed.pem, keyPem: renewed.keyPem };
    const { data } = issuerSecret({ ...install, issuer: credentials });
    await mustApi(cp.api, "PATCH", issuerPath, { data });
    await eventually("both issuers", () => live.sources().issuersSeen?.length === 2);
    const names = live.sources().issuersSeen?.map(({ chain }) => chain[0]?.name);
    assert.deepEqual(names, [current.name, "renewed"]);
  });

  test("an absent object is a fact, not a thing out of sight", async (t) => {
    const { live } = await start(t);
    await ready(live);
    const whole = await mustApi<object>(cp.api, "GET", trustRootsPath);
    await mustApi(cp.api, "DELETE", trustRootsPath);
    await eventually("absence", () => live.sources().trustRoots?.present === false);
    assert.deepEqual(live.lost(), []);
    assert.equal(live.status().ready, true);
    const { metadata, ...rest } = whole as { metadata: { labels: object } };
    const again = { ...rest, metadata: { name: "linkerd-identity-trust-roots", labels: metadata.labels } };
    await mustApi(cp.api, "POST", trustRootsPath.replace(/\/[^/]+$/, ""), again);
    await eventually("presence", () => live.sources().trustRoots?.present === true);
  });

  test("goes on without the mesh where pods are forbidden, and says why", async (t) => {
    const poor = await account(cp, "poor", "linkerd", {
      namespaced: inNamespace,
      clusterWide: inCluster("linkerd").filter(({ resources }) => !resources.includes("pods")),
    });
    const { live } = await start(t, poor);
    await ready(live);
    assert.match(live.meshUnseen() ?? "", /^the pods of the mesh: pods is forbidden: User/);
    assert.equal(live.sources().mesh, undefined);
    assert.equal(live.sources().trustRoots?.present, true);
  });

  test("is not ready, and says why, where the issuer is forbidden", async (t) => {
    const poor = await account(cp, "poorer", "linkerd", {
      namespaced: inNamespace.filter(({ resources }) => !resources.includes("secrets")),
      clusterWide: inCluster("linkerd"),
    });
    const { live } = await start(t, poor);
    await eventually(
      "the one reason",
      () => live.lost().length === 1 && live.lost()[0]?.includes("forbidden"),
    );
    assert.match(
      live.lost()[0] ?? "",
      /^Secret linkerd\/linkerd-identity-issuer: .* cannot list resource "secrets"/,
    );
    assert.equal(live.sources().issuerSecret, undefined, "not absent, but unseen");
    assert.equal(live.status().ready, false);
  });

  test("what was not heard of for a minute is lost, and found again", async (t) => {
    let now = 0;
    const { live } = await start(t, kubeconfig, () => new Date(now));
    await ready(live);
    await cp.apiserver.stop("SIGKILL");
    await eventually("the loss", () => {
      now += 10_000;
      return live.lost().length === 3;
    });
    assert.equal(live.sources().trustRoots, undefined);
    assert.equal(live.sources().terminating, undefined);
    assert.equal(await live.confirmPartner("issuer", 0), false);
    assert.equal(live.lost().length, 3, "a confirmation that fails throws nothing and changes nothing");
    await cp.apiserver.start();
    await ready(live);
    assert.equal(live.sources().trustRoots?.present, true);
  });

  test("sees that the namespace is being deleted", async (t) => {
    const { live } = await start(t);
    await ready(live);
    // A finalizer holds one object, and so the namespace, so that there is time to look.
    await mustApi(cp.api, "PATCH", trustRootsPath, { metadata: { finalizers: ["example.test/wait"] } });
    await mustApi(cp.api, "DELETE", "/api/v1/namespaces/linkerd");
    await eventually("the end", () => live.sources().terminating === true);
    await mustApi(cp.api, "PATCH", trustRootsPath, { metadata: { finalizers: null } });
  });

  async function start(
    t: TestContext,
    by = kubeconfig,
    clock = () => new Date(),
  ): Promise<{ live: Live; cluster: Cluster }> {
    const cluster = await connect({ kubeconfig: by });
    const live = watchLive({ cluster, namespace: "linkerd", clock, log: silent });
    t.after(() => {
      live.stop();
      cluster.close();
    });
    return { live, cluster };
  }
});

async function ready(live: Live): Promise<void> {
  await eventually("ready", () => {
    const { ready: is, reasons } = live.status();
    if (!is) throw new Error(reasons.join("; "));
    return true;
  });
}
