import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { controlPlaneObjects } from "../cluster/control-plane-objects.ts";
import { injectedPod } from "../cluster/injected.ts";
import { create, ensureNamespace, inject, installLinkerd, podsRun } from "../cluster/linkerd.ts";
import type { ConfigMap, Pod, Workload } from "../cluster/objects.ts";
import { issuerOf, type Manifest, trustRootsOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Guarded, startGuarded } from "./guarded.ts";

const bundlePath = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";

describe("the guard is not to be tricked", () => {
  let here: Guarded;
  const { first, second, live, renewed, next } = mintMaterial(new Date());
  const install = { bundle: bundle(first), issuer: { chainPem: live.pem, keyPem: live.keyPem } };

  before(async () => {
    here = await startGuarded({
      async prepare(cp) {
        await installLinkerd(cp, install);
        await inject(cp, { namespace: "shop", name: "web", bundle: bundle(first, second) });
        await ensureNamespace(cp, "tenant");
      },
    });
  });
  after(() => here.end());

  const apply = (manifest: Manifest) =>
    here.cp.kubectl(["apply", "-f", "-"], { stdin: JSON.stringify(manifest) });

  it("by a bundle that nobody can change any more", async () => {
    const { stderr } = await apply({ ...trustRootsOf([first]), immutable: true } as Manifest);
    assert.match(stderr, /ConfigMap linkerd-identity-trust-roots is immutable \[trust-is-mutable\]/);
  });

  it("by a pod of somebody else's that says it is identity", async () => {
    const template = templateOf(controlPlaneObjects(install));
    const container = template.spec.containers.find(({ name }) => name === "identity");
    assert.ok(container);
    container.args = (container.args ?? []).map((arg) => arg.replace("linkerd.io/tls", "kubernetes.io/tls"));
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...template.metadata, name: "identity", namespace: "tenant" },
      spec: { ...template.spec, serviceAccountName: "default" } as Pod["spec"],
    };
    await create(here.cp, pod);
    await podsRun(here.cp, "tenant", "linkerd.io/control-plane-component=identity");
    const { code, stderr } = await apply(issuerOf(renewed));
    assert.equal(code, 0, stderr);
  });

  it("into refusing a renewal, by a pod that never runs and trusts nothing of this mesh", async () => {
    const pod = injectedPod({ namespace: "tenant", name: "never", bundle: bundle(next) });
    await create(here.cp, { ...pod, spec: { ...pod.spec, schedulerName: "none" } } as Pod);
    const { code, stderr } = await apply(issuerOf(live));
    assert.equal(code, 0, stderr);
  });

  it("by setting back the time at which the bundle changed", async () => {
    assert.equal((await apply(trustRootsOf([first, second]))).code, 0);
    const refused = await apply(issuerOf(next));
    assert.match(refused.stderr, /\[issuer-known-to-identity\]/);

    const object = await mustApi<ConfigMap & { metadata: { managedFields: { time: string }[] } }>(
      here.cp.api,
      "GET",
      bundlePath,
    );
    for (const entry of object.metadata.managedFields) entry.time = "2020-01-01T00:00:00Z";
    await mustApi(here.cp.api, "PUT", bundlePath, object);
    const again = await apply(issuerOf(next));
    assert.match(again.stderr, /\[issuer-known-to-identity\]/);
  });
});

function templateOf(objects: readonly object[]): Workload["spec"]["template"] {
  const deployment = objects.find((one): one is Workload => {
    const { kind, metadata } = one as Workload;
    return kind === "Deployment" && metadata.name === "linkerd-identity";
  });
  assert.ok(deployment);
  return structuredClone(deployment.spec.template);
}
