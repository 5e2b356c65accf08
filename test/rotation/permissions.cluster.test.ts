// What the command's account may not do is found before the first write; what it loses half-way is named, and no
// harm is done.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type Permission, permissionsNeeded, restartsNeeded } from "../../cluster/rotation/permissions.ts";
import { mustApi } from "../cluster/api.ts";
import { objectPath } from "../cluster/paths.ts";
import { skip } from "../cluster/skip.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, assertUnbroken, type Incoming, incoming, rotating } from "./rotating.ts";

const kinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;
const all = [...permissionsNeeded({ namespace: "linkerd", kinds }), ...restartsNeeded(kinds)];

describe("an account with few permissions", { skip }, () => {
  let mesh: Mesh;
  let to: Incoming;
  let kubeconfig: string;
  beforeEach(async () => {
    mesh = await startMesh({ workloads: 3, replicas: 2 });
    to = incoming(mesh.cp);
    kubeconfig = await account(mesh);
    await mesh.standIn.reset();
  });
  afterEach(() => mesh.stop());

  test("with all that the list names it rotates; the list names nothing too little", async () => {
    await allow(mesh, all);
    assertDone(await rotating(mesh, to, [], kubeconfig).ended);
    await assertRenewed(mesh, to.authority);
  });

  test("what is missing is named, all at once, and nothing was written", async () => {
    await allow(
      mesh,
      all.filter(({ verb, resource }) => verb !== "patch" || !/secrets|statefulsets/.test(resource)),
    );
    const before = await bundleVersion(mesh);
    const ended = await rotating(mesh, to, [], kubeconfig).ended;
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, /patch secrets\/linkerd-identity-issuer in namespace linkerd/);
    assert.match(ended.stderr, /patch statefulsets\.apps in namespace shop-0/);
    assert.equal(await bundleVersion(mesh), before);
  });

  test("a permission that is taken away half-way is named; given back, the rotation goes on", async () => {
    await allow(mesh, all);
    const working = rotating(mesh, to, ["--max-parallel", "1"], kubeconfig);
    await working.tells("the proof", ({ step }) => step?.kind === "prove-injector");
    await allow(
      mesh,
      all.filter(({ verb, resource }) => !(verb === "patch" && resource === "deployments")),
    );
    const ended = await working.ended;
    assert.notEqual(ended.code, 0);
    assert.match(JSON.stringify(ended.told) + ended.stderr, /patch.*deployments/);
    await assertUnbroken(mesh.standIn);
    await allow(mesh, all);
    assertDone(await rotating(mesh, to, [], kubeconfig).ended);
    await assertRenewed(mesh, to.authority);
  });
});

async function account({ cp }: Mesh): Promise<string> {
  await mustApi(cp.api, "POST", "/api/v1/namespaces/default/serviceaccounts", {
    metadata: { name: "rotator" },
  });
  await mustApi(cp.api, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: "rotator" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "rotator" },
    subjects: [{ kind: "ServiceAccount", name: "rotator", namespace: "default" }],
  });
  return cp.kubeconfigFor("rotator", "default");
}

/** Exactly these, from now on: those of one namespace by a Role there. */
async function allow({ cp }: Mesh, permissions: readonly Permission[]): Promise<void> {
  const rule = ({ verb, group, resource, name }: Permission) => ({
    ...{ verbs: [verb], apiGroups: [group], resources: [resource] },
    ...(name === undefined ? {} : { resourceNames: [name] }),
  });
  const base = "/apis/rbac.authorization.k8s.io/v1";
  const put = async (path: string, kind: string, body: object) => {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const whole = { apiVersion, kind, metadata: { name: "rotator" }, ...body };
    const answer = await cp.api("PATCH", `${path}/rotator?fieldManager=test&force=true`, whole, {
      contentType: "application/apply-patch+yaml",
    });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  };
  const everywhere = permissions.filter(({ namespace }) => namespace === undefined);
  const inside = permissions.filter(({ namespace }) => namespace !== undefined);
  await put(`${base}/clusterroles`, "ClusterRole", { rules: everywhere.map(rule) });
  await put(`${base}/namespaces/linkerd/roles`, "Role", { rules: inside.map(rule) });
  await put(`${base}/namespaces/linkerd/rolebindings`, "RoleBinding", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "rotator" },
    subjects: [{ kind: "ServiceAccount", name: "rotator", namespace: "default" }],
  });
}

async function bundleVersion({ cp }: Mesh): Promise<string | undefined> {
  const path = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
  const { metadata } = await mustApi<{ metadata: { resourceVersion?: string } }>(cp.api, "GET", path);
  return metadata.resourceVersion;
}
