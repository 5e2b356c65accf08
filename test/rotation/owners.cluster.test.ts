// Where cert-manager and trust-manager make anchor, issuer and bundle, a rotation goes by way of them: their real
// controllers are asked, and do it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "../../cluster/connect.ts";
import { takeLease } from "../../cluster/rotation/lease.ts";
import { readBundle } from "../../trust/x509/index.ts";
import { mustApi } from "../cluster/api.ts";
import {
  type CertManager,
  certManagerAvailable,
  certManagerObjects,
  startCertManager,
} from "../cluster/cert-manager.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { controllers, controlPlaneObjects } from "../cluster/control-plane-objects.ts";
import { documentedSetup } from "../cluster/documented-setup.ts";
import { eventually } from "../cluster/eventually.ts";
import { create, ensureNamespace } from "../cluster/linkerd.ts";
import type { ConfigMap, Secret } from "../cluster/objects.ts";
import { objectPath } from "../cluster/paths.ts";
import { rolledOut } from "../cluster/rollout.ts";
import { begin, type Ended } from "./command.ts";
import { addWorkloads, authority, installation } from "./mesh.ts";
import { assertDone, assertUnbroken } from "./rotating.ts";
import { type StandIn, startStandIn } from "./standin/start-stand-in.ts";

const roots = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
const issuerSecret = objectPath("Secret", "linkerd", "linkerd-identity-issuer");

describe("a mesh of cert-manager and trust-manager", {
  skip: certManagerAvailable() === "missing-go",
}, () => {
  let cp: ControlPlane;
  let managers: CertManager;
  let standIn: StandIn;

  before(async () => {
    cp = await startControlPlane();
    managers = await startCertManager(cp);
    await installedByManagers(cp);
    standIn = await startStandIn([{ cp }]);
    await addWorkloads(cp, { workloads: 3, replicas: 2 });
    await standIn.reset();
  });
  after(async () => {
    await standIn?.stop();
    await managers?.stop();
    await cp?.stop();
  });

  const run = (...words: string[]): Promise<Ended> =>
    begin([...words, "--yes", "--timeout", "90s"], { kubeconfig: cp.kubeconfig, dir: cp.dir }).ended;
  const anchors = async () => {
    const { data } = await mustApi<ConfigMap>(cp.api, "GET", roots);
    return readBundle(data["ca-bundle.crt"] ?? "").anchors.map(({ fingerprint }) => fingerprint);
  };
  const issuer = async () => (await mustApi<Secret>(cp.api, "GET", issuerSecret)).data["tls.crt"];

  test("its issuer is renewed by its Certificate", { timeout: 180_000 }, async () => {
    const old = await issuer();
    assertDone(await run("rotate", "issuer"));
    assert.notEqual(await issuer(), old);
    await assertUnbroken(standIn);
  });

  test("while somebody else is at it, no anchor is renewed", async () => {
    const cluster = await connect({ kubeconfig: cp.kubeconfig });
    const host = { name: "server", user: "joe", machine: "m2", pid: 1, isRunning: () => true };
    const applicant = { user: "joe", host, purpose: "rotate anchor", session: "s" };
    const taken = await takeLease(cluster, { namespace: "linkerd", clock: () => new Date(), applicant });
    assert.ok(taken.outcome === "taken");
    const before = await anchors();
    const { code, stderr } = await run("rotate", "anchor", "--renew");
    assert.equal(code, 4, stderr);
    assert.match(stderr, /joe@server is at it/);
    assert.doesNotMatch(stderr, /cert-manager is asked/);
    assert.deepEqual(await anchors(), before);
    await taken.lease.release();
    cluster.close();
  });

  test("--renew takes it to an anchor that cert-manager makes", { timeout: 300_000 }, async () => {
    const [old] = await anchors();
    assertDone(await run("rotate", "anchor", "--renew"));
    const now = await anchors();
    assert.equal(now.length, 1);
    assert.notEqual(now[0], old);
    await assertUnbroken(standIn);
  });
});

/** Linkerd with externalCA and kubernetes.io/tls: the two objects are the managers' own. */
async function installedByManagers(cp: ControlPlane): Promise<void> {
  await ensureNamespace(cp, "linkerd");
  const labels = { "linkerd.io/is-control-plane": "true" };
  await mustApi(cp.api, "PATCH", objectPath("Namespace", undefined, "linkerd"), { metadata: { labels } });
  await certManagerObjects(cp, documentedSetup);
  for (const path of [roots, issuerSecret])
    await eventually(path, async () => (await cp.api("GET", path)).status === 200);
  const theirs = ["linkerd-identity-trust-roots", "linkerd-identity-issuer"];
  const install = installation(authority("nobody's"), { externalCA: true, scheme: "kubernetes.io/tls" });
  for (const object of controlPlaneObjects(install))
    if (!theirs.includes(object.metadata.name) && object.kind !== "Namespace") await create(cp, object);
  for (const name of controllers)
    await rolledOut(cp, { kind: "Deployment", namespace: "linkerd", name: `linkerd-${name}` });
}
