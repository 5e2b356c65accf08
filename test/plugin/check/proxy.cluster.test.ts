import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  anchor,
  bundle,
  day,
  hour,
  issuer,
  leaf,
  type Minted,
  type Spoil,
  year,
} from "../../certificates/index.ts";
import { mustApi } from "../../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { issuerSecret, trustRoots } from "../../cluster/control-plane-objects.ts";
import { injectedPod } from "../../cluster/injected.ts";
import { type Kubelet, serveLeaf, startKubelet, toPort } from "../../cluster/kubelet.ts";
import { collectionPath } from "../../cluster/paths.ts";
import { running } from "../../cluster/running.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../world.ts";

const start = new Date();
const at = (ms: number) => new Date(start.getTime() + ms);
const dated = (from: number, until: number): Spoil => ({ notBefore: at(from), notAfter: at(until) });
const root = anchor("root", dated(-30 * day, 10 * year));
const [former, live] = [issuer(root, dated(-day, day)), issuer(root, dated(-hour, year))];

describe("check --proxy, by a real API server and the kubelet it forwards to", { skip }, () => {
  let cp: ControlPlane;
  let kubelet: Kubelet;
  let served: Awaited<ReturnType<typeof serveLeaf>>;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    for (const name of ["linkerd", "shop"]) await create("Namespace", { metadata: { name } });
    const install = { bundle: bundle(root), issuer: { chainPem: live.pem, keyPem: live.keyPem } };
    await create("ConfigMap", trustRoots(install), "linkerd");
    await create("Secret", issuerSecret(install), "linkerd");
    await create("ServiceAccount", { metadata: { name: "default" } }, "shop");
  });
  after(async () => {
    served?.stop();
    kubelet?.stop();
    await cp.stop();
  });

  async function create(kind: string, object: object, namespace?: string) {
    await mustApi(cp.api, "POST", collectionPath(kind, namespace), object);
  }

  /** A pod whose proxy serves this chain. */
  async function serves(name: string, ...chain: readonly [Minted, ...Minted[]]) {
    served?.stop();
    kubelet?.stop();
    served = await serveLeaf(chain, chain[0].keyPem);
    kubelet = await startKubelet(toPort(served.port));
    const node = {
      metadata: { name: `node-${name}` },
      status: {
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
      },
    };
    await mustApi(cp.api, "POST", "/api/v1/nodes", node);
    const pod = injectedPod({ name, namespace: "shop", bundle: bundle(root) });
    await create("Pod", { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } }, "shop");
    const { status } = running(pod, new Date());
    await mustApi(cp.api, "PATCH", `/api/v1/namespaces/shop/pods/${name}/status`, { status });
  }

  const line = async (proxy: string, now = new Date()) => {
    const { code, stdout, stderr } = await testWorld({ kubeconfig: cp.kubeconfig, now }).run(
      "check",
      "--proxy",
      proxy,
    );
    const [found] = /^. identity signs with [^\n]*(?:\n {4}[^\n]*)*/m.exec(stdout) ?? [];
    return { code, stderr, found: found?.replace(/\d{4}-\S+Z/g, "TIME").replace(/\b[0-9a-f]{8}\b/g, "…") };
  };

  test("the issuer of the Secret is in use", async () => {
    await serves("web", leaf(live, dated(-hour, day)), live);
    assert.deepEqual(await line("any"), {
      code: 0,
      stderr: "",
      found:
        "√ identity signs with the issuer that is in the Secret\n    the certificate that shop/web serves was signed at TIME, by it",
    });
    assert.deepEqual(kubelet.forwarded, ["shop/web:4191"]);
    assert.deepEqual(served.asked, ["default.shop.serviceaccount.identity.linkerd.cluster.local"]);
  });

  test("inspect --proxy shows the leaf in the tree, below the issuer that signed it", async () => {
    const world = testWorld({ kubeconfig: cp.kubeconfig, now: new Date() });
    const { code, stdout, stderr } = await world.run("inspect", "--proxy", "any");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^└─ issuer [^\n]*\n(?: {3}│[^\n]*\n)+ {3}└─ leaf /m);
    assert.match(stdout, /in what shop\/web serves$/m);
    const named = await world.run("inspect", "secret/linkerd-identity-issuer", "--proxy", "any");
    assert.equal(named.code, 64);
  });

  test("identity missed an update of the Secret: https://github.com/linkerd/linkerd2/issues/15109", async () => {
    await serves("late", leaf(former, dated(hour, day)), former);
    const { code, found } = await line("shop/late", at(2 * hour));
    assert.equal(code, 2);
    assert.equal(
      found,
      `× identity signs with the issuer that is in the Secret
    identity signs with issuer "identity.linkerd.cluster.local" (…), not with issuer "identity.linkerd.cluster.local" (…) of the Secret
      the certificate that shop/late serves was signed at TIME
    Restart deploy/linkerd-identity once the issuer chains to an anchor of the trust bundle.
    see https://github.com/linkerd-certs/linkerd-certs/blob/main/docs/check.md#issuer-taken-up for hints`,
    );
  });

  test("a certificate from before the Secret was written tells nothing", async () => {
    await serves("old", leaf(former, dated(-hour, day)), former);
    const { code, found } = await line("shop/old");
    assert.equal(code, 0);
    assert.match(found ?? "", /^– .*\n {4}not asked: no running identity/);
  });

  test("a proxy that cannot be asked", async () => {
    kubelet.stop();
    const { code, stderr } = await line("shop/old");
    assert.equal(code, 1);
    assert.match(stderr, /^linkerd-certs: warning: The certificate that shop\/old serves cannot be read: /);
    assert.match((await line("shop/none")).stderr, /there is no such proxy\n.*Name one that runs/);
    assert.match((await line("none")).stderr, /error: --proxy none names no pod\n/);
  });
});
