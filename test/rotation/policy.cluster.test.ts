// What RBAC cannot say of whoever rotates, manifests/rotation/policy.yaml does.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { createDefinitions } from "../cluster/definitions.ts";
import { eventually } from "../cluster/eventually.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";

const manifests = join(import.meta.dirname, "..", "..", "manifests", "rotation");
const core = "/api/v1/namespaces/linkerd";
const web = "/apis/apps/v1/namespaces/shop/deployments/web";
const container = { name: "web", image: "web:1" };
const template = {
  metadata: { labels: { app: "web" }, annotations: { team: "shop" } },
  spec: { containers: [container] },
};

describe("whoever rotates, held by the policy", { skip }, () => {
  let cp: ControlPlane;
  let jane: string;
  let owner: string;

  before(async () => {
    cp = await startControlPlane();
    for (const namespace of ["linkerd", "shop"]) await ensureNamespace(cp, namespace);
    for (const file of ["rbac.yaml", "policy.yaml"]) await cp.kubectl(["apply", "-f", join(manifests, file)]);
    jane = await account("jane");
    owner = await account("owner");
    await cp.kubectl([
      ...["-n", "shop", "create", "rolebinding", "owner", "--clusterrole", "admin"],
      ...["--serviceaccount", "linkerd:owner"],
    ]);
    await mustApi(cp.api, "POST", "/apis/apps/v1/namespaces/shop/deployments", {
      metadata: { name: "web", labels: { app: "web" } },
      spec: { replicas: 0, selector: { matchLabels: { app: "web" } }, template },
    });
    await eventually("the policy is in force", async () => (await as(jane, "POST", pods, pod)) === 422);
  });
  after(() => cp?.stop());

  const pods = "/api/v1/namespaces/shop/pods";
  const pod = { metadata: { generateName: "x-" }, spec: { containers: [container] } };
  const restart = (more: object = {}) => ({
    template: {
      metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": `${Math.random()}`, ...more } },
    },
  });

  test("its expressions pass the API server's type check", async () => {
    const path =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/rotation-only.linkerd-certs.io";
    const typeChecking = await eventually("it is checked", async () => {
      const { body } = await cp.api<{ status: { typeChecking?: object } }>("GET", path);
      return body.status.typeChecking;
    });
    assert.deepEqual(typeChecking, {});
  });

  test("makes pods by dry-run only", async () => {
    assert.equal(await as(jane, "POST", `${pods}?dryRun=All`, pod), 201);
    assert.equal(await as(jane, "POST", pods, pod), 422);
  });

  test("restarts a workload, once and again", async () => {
    assert.equal(await as(jane, "PATCH", web, { spec: restart() }), 200);
    assert.equal(await as(jane, "PATCH", web, { spec: restart() }), 200);
  });

  const changes: Record<string, object> = {
    "another image": { spec: { template: { spec: { containers: [{ ...container, image: "evil" }] } } } },
    "another account": { spec: { template: { spec: { serviceAccountName: "root" } } } },
    "another proxy, by an annotation": { spec: restart({ "config.linkerd.io/proxy-image": "evil" }) },
    "an annotation less": { spec: restart({ team: null }) },
    "a label of its pods": { spec: { template: { metadata: { labels: { more: "x" } } } } },
    "more replicas": { spec: { replicas: 9 } },
    "a pause": { spec: { paused: true } },
    "a label": { metadata: { labels: { app: "other" } } },
    "an annotation": { metadata: { annotations: { more: "x" } } },
    "a finalizer, so that it never goes": { metadata: { finalizers: ["example.org/x"] } },
  };
  for (const [what, change] of Object.entries(changes))
    test(`gives a workload nothing else: ${what}`, async () => {
      assert.equal(await as(jane, "PATCH", web, change), 422);
      assert.equal(await as(owner, "PATCH", `${web}?dryRun=All`, change), 200, "its owner may");
    });

  test("of an Argo Rollout it sets the time of its restart, and nothing else", async () => {
    const argo = { module: "argo-rollouts", pin: "github.com/argoproj/argo-rollouts" };
    await createDefinitions(cp, argo, "manifests/crds", ["Rollout"]);
    const rollouts = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts";
    const metadata = { name: "canary" };
    const spec = { replicas: 0, selector: { matchLabels: { app: "web" } }, template };
    await mustApi(cp.api, "POST", rollouts, {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata,
      spec,
    });
    const evil = { spec: { containers: [{ ...container, image: "evil" }] } };
    await eventually("the policy knows the kind", async () => {
      return (await as(jane, "PATCH", `${rollouts}/canary`, { spec: { template: evil } })) === 422;
    });
    const restartAt = { spec: { restartAt: "2026-06-01T12:00:00Z" } };
    assert.equal(await as(jane, "PATCH", `${rollouts}/canary`, restartAt), 200);
    assert.equal(await as(jane, "PATCH", `${rollouts}/canary`, { spec: { replicas: 9 } }), 422);
  });

  test("makes no Secret that Kubernetes fills with somebody's token, and none of another name", async () => {
    const secret = (name: string, type: string) => ({
      metadata: { name, annotations: { "kubernetes.io/service-account.name": "default" } },
      type,
    });
    const token = secret("linkerd-certs-previous-issuer", "kubernetes.io/service-account-token");
    assert.equal(await as(jane, "POST", `${core}/secrets`, token), 422);
    assert.equal(await as(jane, "POST", `${core}/secrets`, secret("other", "Opaque")), 422);
    const copy = secret("linkerd-certs-previous-issuer", "Opaque");
    assert.equal(await as(jane, "POST", `${core}/secrets`, copy), 201);
  });

  test("writes no ConfigMap and no Lease but a rotation's", async () => {
    await mustApi(cp.api, "POST", `${core}/configmaps`, { metadata: { name: "other" } });
    const named = (name: string) => ({ metadata: { name } });
    assert.equal(await as(jane, "PATCH", `${core}/configmaps/other`, { data: { a: "b" } }), 422);
    assert.equal(await as(jane, "POST", `${core}/configmaps`, named("another")), 422);
    assert.equal(await as(jane, "POST", `${core}/configmaps`, named("linkerd-certs-rotation-1")), 201);
    const leases = "/apis/coordination.k8s.io/v1/namespaces/linkerd/leases";
    assert.equal(await as(jane, "POST", leases, named("other")), 422);
    assert.equal(await as(jane, "POST", leases, named("linkerd-certs-rotation")), 201);
  });

  test("holds nobody else: an owner of the namespace, an administrator", async () => {
    assert.equal(await as(owner, "POST", pods, pod), 201);
    assert.equal((await cp.api("POST", pods, pod)).status, 201);
    assert.equal((await cp.api("PATCH", web, { spec: { replicas: 0, paused: true } })).status, 200);
  });

  /** With the three roles; its token. */
  async function account(name: string): Promise<string> {
    const bind = (...words: string[]) => cp.kubectl([...words, "--serviceaccount", `linkerd:${name}`]);
    const [all, roles] = [["create", "clusterrolebinding"], "linkerd-certs-rotation"] as const;
    await cp.kubectl(["-n", "linkerd", "create", "serviceaccount", name]);
    await bind(...all, name, "--clusterrole", roles);
    await bind(...all, `${name}-restarts`, "--clusterrole", `${roles}-restarts`);
    await bind("-n", "linkerd", "create", "rolebinding", name, "--role", roles);
    const path = `${core}/serviceaccounts/${name}/token`;
    const { status } = await mustApi<{ status: { token: string } }>(cp.api, "POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    });
    return status.token;
  }

  async function as(token: string, method: string, path: string, body: object): Promise<number> {
    return (await cp.api(method, path, body, { token })).status;
  }
});
