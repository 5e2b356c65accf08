// Where cert-manager and trust-manager make anchor, issuer and bundle, a rotation goes by way of them: their real
// controllers are asked, and do it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
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
import { testWorld } from "../plugin/world.ts";
import { begin, type Ended } from "./command.ts";
import { addWorkloads, authority, installation } from "./mesh.ts";
import { assertDone, assertUnbroken, incoming } from "./rotating.ts";
import { whileSomebodyElseIsAtIt } from "./somebody-else.ts";
import { type StandIn, startStandIn } from "./standin/start-stand-in.ts";

const roots = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
const rbac = join(import.meta.dirname, "..", "..", "manifests", "rotation", "rbac.yaml");
const issuerSecret = objectPath("Secret", "linkerd", "linkerd-identity-issuer");

describe("a mesh of cert-manager and trust-manager", {
  skip: certManagerAvailable() === "missing-go",
}, () => {
  let cp: ControlPlane;
  let managers: CertManager;
  let standIn: StandIn;
  /** Of one who may do what manifests/rotation/rbac.yaml says. */
  let jane: string;

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
    const before = await anchors();
    await whileSomebodyElseIsAtIt(cp, async () => {
      const { code, stderr } = await run("rotate", "anchor", "--renew");
      assert.equal(code, 4, stderr);
      assert.match(stderr, /joe@server is at it/);
      assert.doesNotMatch(stderr, /cert-manager is asked/);
    });
    assert.deepEqual(await anchors(), before);
  });

  test("an authority that is no anchor of the bundle is not asked for an issuer", async () => {
    const [path, core] = ["/apis/cert-manager.io/v1/clusterissuers/linkerd-identity-issuer", "/api/v1"];
    const { anchor } = authority("stranger");
    await mustApi(cp.api, "POST", `${core}/namespaces/cert-manager/secrets`, {
      metadata: { name: "stranger" },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": anchor.pem, "tls.key": anchor.keyPem },
    });
    await mustApi(cp.api, "PATCH", path, { spec: { ca: { secretName: "stranger" } } });
    const old = await issuer();
    const { code, stderr, told } = await run("rotate", "issuer");
    assert.notEqual(code, 0);
    assert.match(
      stderr + JSON.stringify(told),
      /stranger.* of Secret cert-manager\/stranger, which is no anchor/,
    );
    assert.equal(await issuer(), old);
    const desk = testWorld({ kubeconfig: cp.kubeconfig, clock: () => new Date() });
    const aborted = await desk.run("rotate", "abort", "--yes");
    assert.equal(aborted.code, 0, aborted.stderr);
    await mustApi(cp.api, "PATCH", path, { spec: { ca: { secretName: "linkerd-trust-anchor" } } });
  });

  test("what an account may not ask of the managers is named before anything is written", async () => {
    const { kubectl } = cp;
    await kubectl(["apply", "-f", rbac]);
    await kubectl(["-n", "linkerd", "create", "serviceaccount", "jane"]);
    jane = await cp.kubeconfigFor("jane", "linkerd");
    await bind(undefined, "clusterrole", "linkerd-certs-rotation");
    await bind(undefined, "clusterrole", "linkerd-certs-rotation-restarts");
    await bind("linkerd", "role", "linkerd-certs-rotation");
    const versions = () => kubectl(["get", "bundles,certificates", "-A", "-o", "json"]);
    const before = await versions();
    const issuing = await run("rotate", "issuer", "--kubeconfig", jane);
    const lacking =
      /update certificates\/status\.cert-manager\.io\/linkerd-identity-issuer in namespace linkerd/;
    assert.match(issuing.stderr, lacking);
    assert.doesNotMatch(issuing.stderr, /bundles/);
    await bind(undefined, "clusterrole", "linkerd-certs-rotation-managers");
    await kubectl([
      ...["create", "clusterrole", "looks", "--verb", "get", "--resource"],
      ...["secrets", "--resource-name", "linkerd-trust-anchor"],
    ]);
    await bind("cert-manager", "clusterrole", "looks");
    const renewing = await run("rotate", "anchor", "--renew", "--kubeconfig", jane);
    assert.match(renewing.stderr, lacking);
    const anchorsOwn =
      /update certificates\/status\.cert-manager\.io\/linkerd-trust-anchor in namespace cert-manager/;
    assert.match(renewing.stderr, anchorsOwn);
    assert.match(renewing.stderr, /patch secrets\/linkerd-previous-anchor in namespace cert-manager/);
    assert.doesNotMatch(renewing.stderr, /is made to keep/);
    assert.deepEqual([issuing.code, renewing.code].includes(0), false);
    assert.deepEqual(await versions(), before);
  });

  test("--renew takes it to an anchor that cert-manager makes", { timeout: 300_000 }, async () => {
    for (const namespace of ["linkerd", "cert-manager"])
      await bind(namespace, "clusterrole", "linkerd-certs-rotation-managed");
    const [old] = await anchors();
    assertDone(await run("rotate", "anchor", "--renew", "--kubeconfig", jane));
    const now = await anchors();
    assert.equal(now.length, 1);
    assert.notEqual(now[0], old);
    await assertUnbroken(standIn);
  });

  test("back to an anchor that cert-manager does not sign with any more is refused at once", async () => {
    const before = [await anchors(), await issuer()];
    const { code, stderr } = await run("rotate", "rollback");
    assert.equal(code, 4, stderr);
    assert.match(stderr, /signs with .* of Secret cert-manager\/linkerd-trust-anchor, and not with/);
    assert.deepEqual([await anchors(), await issuer()], before);
  });

  test("by the same anchor as before no issuer is made", { timeout: 180_000 }, async () => {
    const [to, old] = [incoming(cp, "elsewhere"), await issuer()];
    const { code, stderr, told } = await run("rotate", "anchor", "--anchor", join(to.dir, "ca.crt"));
    assert.notEqual(code, 0);
    assert.match(stderr + JSON.stringify(told), /would be signed by the same anchor as before/);
    assert.equal(await issuer(), old);
  });

  async function bind(namespace: string | undefined, kind: "role" | "clusterrole", name: string) {
    const how =
      namespace === undefined ? ["create", "clusterrolebinding"] : ["-n", namespace, "create", "rolebinding"];
    await cp.kubectl([...how, name, `--${kind}`, name, "--serviceaccount", "linkerd:jane"]);
  }
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
