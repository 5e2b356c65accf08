import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anchor } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { installLinkerd } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { restart } from "../cluster/rollout.ts";
import { skip } from "../cluster/skip.ts";
import { everyWay } from "./every-way.ts";
import { installGuard, uninstallGuard } from "./install.ts";

const root = anchor();
const inside = "/api/v1/namespaces/linkerd";
const bundle = `${inside}/configmaps/linkerd-identity-trust-roots`;
const issuer = `${inside}/secrets/linkerd-identity-issuer`;

describe("while no guard answers", { skip }, () => {
  let cp: ControlPlane;
  let port: number;
  before(async () => {
    cp = await startControlPlane();
    await installLinkerd(cp, { bundle: root.pem, issuer: { chainPem: root.pem, keyPem: root.keyPem } });
    [port = 0] = await freePorts(1);
    await installGuard(cp, { port });
    for (const path of [bundle, issuer])
      await eventually("the webhook is in force", async () => (await label(path)).status === 500);
  });
  after(() => cp.stop());

  for (const [what, path] of [
    ["trust bundle", bundle],
    ["issuer", issuer],
  ] as const) {
    test(`the ${what} is neither changed nor deleted, not even as a dry run`, async () => {
      const webhook = path === bundle ? "trust-roots" : "issuer";
      for (const answer of [await label(path), await label(`${path}?dryRun=All`), await remove(path)]) {
        assert.equal(answer.status, 500);
        assert.match(answer.body.message, new RegExp(`failed calling webhook "${webhook}.linkerd-certs.io"`));
      }
    });
  }

  test("all else in the namespace is written as ever, Helm's release Secret first of all", async () => {
    const release = { apiVersion: "v1", kind: "Secret", metadata: { name: "sh.helm.release.v1.linkerd.v2" } };
    await everyWay(cp.api, `${inside}/secrets`, { ...release, ...{ type: "helm.sh/release.v1" } });
    await everyWay(cp.api, `${inside}/configmaps`, { ...release, kind: "ConfigMap" });
    assert.equal((await label(`${inside}/configmaps/linkerd-config`)).status, 200);
    await restart(cp, { name: "linkerd-identity", namespace: "linkerd" });
  });

  test("keys are still refused in the trust bundle, by the policy and in its words", async () => {
    // Both refuse; which of the two is named is up to the API server.
    await eventually("the policy speaks", async () => {
      const { body } = await cp.api<Status>("PATCH", bundle, { data: { "ca-bundle.crt": root.keyPem } });
      return /denied request: a private key stands in ConfigMap/.test(body.message);
    });
  });

  test("the last resort is one command, and what it leaves still refuses keys", async () => {
    await cp.kubectl(["delete", "validatingwebhookconfiguration", "linkerd-certs"]);
    await eventually("writes pass", async () => (await label(bundle)).status === 200);
    const { status } = await cp.api("PATCH", bundle, { data: { "ca-bundle.crt": root.keyPem } });
    assert.equal(status, 422);
  });

  test("Linkerd's namespace can be deleted, and the guard after it", async () => {
    await installGuard(cp, { port });
    await eventually("the webhook is in force", async () => (await label(bundle)).status === 500);
    await mustApi(cp.api, "DELETE", inside);
    await eventually("the namespace is gone", async () => (await cp.api("GET", inside)).status === 404);
    await uninstallGuard(cp);
  });

  function label(path: string) {
    return cp.api<Status>("PATCH", path, { metadata: { labels: { touched: "true" } } });
  }

  function remove(path: string) {
    return cp.api<Status>("DELETE", path);
  }
});

interface Status {
  readonly message: string;
}
