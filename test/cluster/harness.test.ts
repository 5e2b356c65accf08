import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import { sha256 } from "./injected.ts";
import { startInjector } from "./injector.ts";
import { create, ensureNamespace, inject, installLinkerd } from "./linkerd.ts";
import { manyPods } from "./many-pods.ts";
import type { EnvVar, Pod } from "./objects.ts";
import { trustAnchorsVariable } from "./proxy.ts";
import { restart, rolledOut } from "./rollout.ts";
import { skip } from "./skip.ts";

// Nothing here reads certificates; any PEM will do.
const bundle = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

describe("a control plane", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
  });
  after(() => cp.stop());

  test("kubectl and the API server are of one version", async () => {
    const { stdout } = await cp.kubectl(["version", "-o", "json"]);
    const { clientVersion, serverVersion } = JSON.parse(stdout);
    assert.equal(clientVersion.gitVersion, serverVersion.gitVersion);
  });

  test("the controllers write under names of their own", async () => {
    const path = "/api/v1/namespaces/kube-system/serviceaccounts/namespace-controller";
    assert.equal((await cp.api("GET", path)).status, 200);
  });

  test("a Linkerd install runs, and its proxies read the bundle from the ConfigMap", async () => {
    await installLinkerd(cp, { bundle, issuer: { chainPem: bundle, keyPem: "key" } });
    const pods = await podsOf("linkerd");
    assert.deepEqual(pods.map(component).sort(), ["destination", "identity", "proxy-injector"]);
    for (const pod of pods)
      assert.equal(anchors(pod)?.valueFrom?.configMapKeyRef?.name, "linkerd-identity-trust-roots");
  });

  for (const nativeSidecar of [true, false]) {
    test(`an injected Deployment rolls to a new bundle, ${nativeSidecar ? "in a native sidecar" : "beside the app"}`, async () => {
      const namespace = nativeSidecar ? "native" : "classic";
      await inject(cp, { name: "web", namespace, bundle, replicas: 3, nativeSidecar });
      const old = await podsOf(namespace);
      await restart(cp, { name: "web", namespace }, `${bundle}${bundle}`);

      const pods = await eventually("the old pods are gone", async () => {
        const now = await podsOf(namespace);
        return now.length === 3 && now;
      });
      const names = new Set(old.map((pod) => pod.metadata.name));
      assert.ok(pods.every((pod) => !names.has(pod.metadata.name)));
      assert.ok(pods.every((pod) => anchors(pod)?.value === `${bundle}${bundle}`));
    });
  }

  test("a pod that is made while the injector runs gets the bundle as it is then", async () => {
    const injector = await startInjector(cp);
    await ensureNamespace(cp, "annotated");
    await cp.kubectl(["annotate", "namespace", "annotated", "linkerd.io/inject=enabled"]);
    await cp.kubectl(["create", "deployment", "web", "--image=example.test/web", "-n", "annotated"]);
    await rolledOut(cp, { name: "web", namespace: "annotated" });
    const [pod] = await podsOf("annotated");
    await injector.stop();

    assert.ok(pod);
    assert.equal(anchors(pod)?.value, bundle);
    assert.equal(pod.metadata.labels?.["linkerd.io/proxy-deployment"], "web");
    assert.equal(pod.metadata.annotations?.["linkerd.io/trust-root-sha256"], sha256(bundle.trim()));
  });

  test("many pods run at once, and are deleted as any others", async () => {
    await manyPods(cp, 200, { bundle });
    const pods = await podsOf("many");
    assert.equal(pods.filter(({ status }) => status?.phase === "Running").length, 200);
    await cp.api("DELETE", "/api/v1/namespaces/many/pods");
    await eventually("they are gone", async () => (await podsOf("many")).length === 0);
  });

  test("a service account's kubeconfig carries that account's permissions and no others", async () => {
    await ensureNamespace(cp, "guard");
    await create(cp, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "guard", namespace: "guard" },
    });
    const kubeconfig = await cp.kubeconfigFor("guard", "guard");
    const whoami = await cp.kubectl(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"], {
      kubeconfig,
    });
    assert.equal(whoami.stdout, "system:serviceaccount:guard:guard");
    const secrets = await cp.kubectl(["get", "secrets"], { kubeconfig });
    assert.match(secrets.stderr, /forbidden/);
  });

  test("the API server goes away and comes back with its port and its data", async () => {
    await ensureNamespace(cp, "kept");
    await cp.apiserver.stop();
    await assert.rejects(cp.api("GET", "/readyz"));
    await cp.apiserver.start();
    assert.equal((await cp.api("GET", "/api/v1/namespaces/kept")).status, 200);
  });

  async function podsOf(namespace: string): Promise<readonly Pod[]> {
    return (await cp.api<{ items: readonly Pod[] }>("GET", `/api/v1/namespaces/${namespace}/pods`)).body
      .items;
  }
});

function anchors(pod: Pod): EnvVar | undefined {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return containers.flatMap(({ env }) => env ?? []).find(({ name }) => name === trustAnchorsVariable);
}

function component(pod: Pod): string | undefined {
  return pod.metadata.labels?.["linkerd.io/control-plane-component"];
}
