import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import type { KubeObject } from "../cluster/objects.ts";
import { skip } from "../cluster/skip.ts";
import { everyWay } from "./every-way.ts";
import { installGuard } from "./install.ts";
import { type Call, type StandIn, startStandIn } from "./stand-in.ts";

const bundle = configMap("linkerd-identity-trust-roots");
const issuer = secret("linkerd-identity-issuer");
const core = "/api/v1/namespaces";

describe("what the API server asks the guard about", { skip }, () => {
  let cp: ControlPlane;
  let guard: StandIn;
  before(async () => {
    [cp, guard] = await Promise.all([startControlPlane(), startStandIn()]);
    for (const namespace of ["linkerd", "shop"]) await ensureNamespace(cp, namespace);
    await installGuard(cp, { port: guard.port, caBundle: guard.caBundle, replicas: 0 });
    await eventually("the guard is asked", async () => {
      for (const object of [bundle, issuer])
        await cp.api("POST", `${collectionOf(object)}?dryRun=All`, object);
      return new Set(guard.take().map(({ resource }) => resource)).size === 2;
    });
  });
  after(async () => {
    await cp.stop();
    await guard.stop();
  });
  beforeEach(() => {
    guard.take();
  });

  test("nothing about any other object, written in every way there is", async () => {
    const kinds: [collection: string, KubeObject][] = [
      ["configmaps", configMap("linkerd-config")],
      ["configmaps", configMap("linkerd-identity-issuer")],
      ["configmaps", configMap("linkerd-identity-trust-roots-2")],
      ["secrets", secret("linkerd-identity-trust-roots")],
      ["secrets", secret("linkerd-proxy-injector-k8s-tls")],
      [
        "secrets",
        {
          ...secret("sh.helm.release.v1.linkerd-control-plane.v1"),
          type: "helm.sh/release.v1",
        } as KubeObject,
      ],
      ["services", { ...named("Service", "web"), spec: { ports: [{ port: 80 }] } } as KubeObject],
      ["serviceaccounts", named("ServiceAccount", "web")],
      ["endpoints", named("Endpoints", "without-a-service")],
      ["limitranges", named("LimitRange", "web")],
    ];
    const elsewhere: typeof kinds = [
      ["configmaps", bundle],
      ["secrets", issuer],
    ];
    let requests = 0;
    for (const [collection, object] of kinds) {
      for (const namespace of ["linkerd", "shop"])
        requests += await everyWay(cp.api, `${core}/${namespace}/${collection}`, object);
    }
    for (const [collection, object] of elsewhere)
      requests += await everyWay(cp.api, `${core}/shop/${collection}`, object);
    for (const namespace of ["linkerd", "shop"]) {
      const lease = { ...named("Lease", "lock"), apiVersion: "coordination.k8s.io/v1" };
      requests += await everyWay(
        cp.api,
        `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
        lease,
      );
      requests += await runAPod(namespace);
    }
    for (const collection of ["configmaps", "secrets"]) {
      await mustApi(cp.api, "DELETE", `${core}/shop/${collection}`);
      await mustApi(cp.api, "DELETE", `${core}/linkerd/${collection}?labelSelector=no=such`);
      await mustApi(cp.api, "POST", `${core}/linkerd/configmaps`, generated("linkerd-identity-trust-roots"));
      requests += 3;
    }
    assert.ok(requests > 250, `${requests} requests`);
    assert.deepEqual(guard.take(), []);
  });

  for (const object of [bundle, issuer]) {
    test(`each write of ${object.kind} ${object.metadata.name}, once`, async () => {
      const requests = await everyWay(cp.api, collectionOf(object), object);
      const calls = guard.take();
      assert.equal(calls.length, requests);
      assert.ok(calls.every(isAbout(object)));
      const short = calls.map(({ operation, dryRun }) => `${operation}${dryRun ? " dry" : ""}`);
      assert.deepEqual(short, [
        ...["CREATE dry", "CREATE", "UPDATE", "UPDATE", "UPDATE", "UPDATE", "UPDATE"],
        ...["DELETE dry", "DELETE", "CREATE", "DELETE"],
      ]);
    });

    test(`the deletion of ${object.kind} ${object.metadata.name} with all its kind, though the request names none`, async () => {
      await mustApi(cp.api, "POST", collectionOf(object), object);
      await mustApi(cp.api, "POST", collectionOf(object), { ...object, metadata: { name: "another" } });
      guard.take();
      await mustApi(cp.api, "DELETE", collectionOf(object));
      const calls = guard.take();
      assert.equal(calls.length, 1);
      assert.ok(calls.every(isAbout(object)));
      assert.equal((await cp.api("GET", `${collectionOf(object)}/another`)).status, 404);
    });
  }

  test("neither object's deletion when the namespace goes; and it goes", async () => {
    for (const object of [bundle, issuer]) await mustApi(cp.api, "POST", collectionOf(object), object);
    guard.take();
    await mustApi(cp.api, "DELETE", `${core}/linkerd`);
    await eventually(
      "the namespace is gone",
      async () => (await cp.api("GET", `${core}/linkerd`)).status === 404,
    );
    assert.deepEqual(guard.take(), []);
  });

  async function runAPod(namespace: string): Promise<number> {
    const spec = { containers: [{ name: "web", image: "web" }] };
    const requests = await everyWay(cp.api, `${core}/${namespace}/pods`, {
      ...named("Pod", "web"),
      spec,
    } as KubeObject);
    await mustApi(cp.api, "POST", `${core}/${namespace}/pods`, { ...named("Pod", "running"), spec });
    await eventually("the pod runs", async () => {
      const { body } = await cp.api<{ status: { phase: string } }>(
        "GET",
        `${core}/${namespace}/pods/running`,
      );
      return body.status.phase === "Running";
    });
    return requests + 1;
  }
});

function collectionOf({ kind }: KubeObject): string {
  return `${core}/linkerd/${kind.toLowerCase()}s`;
}

function isAbout(object: KubeObject) {
  return ({ resource, namespace, name }: Call) =>
    resource === `${object.kind.toLowerCase()}s` && namespace === "linkerd" && name === object.metadata.name;
}

function configMap(name: string): KubeObject {
  return { ...named("ConfigMap", name), data: { key: "text" } } as KubeObject;
}

function secret(name: string): KubeObject {
  return { ...named("Secret", name), data: { key: "dGV4dA==" } } as KubeObject;
}

function named(kind: string, name: string): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name } };
}

function generated(name: string) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: `${name}-` } };
}
