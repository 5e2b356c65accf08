import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { issuerOf } from "../scenarios/manifests.ts";
import { inForce, issuerPath } from "../steadiness/trust.ts";
import { everything } from "./everything.ts";
import { skipWithout } from "./programs.ts";
import { caBundle, type Ground, prepareGround, type Release, releaseBy, versions } from "./release.ts";

const helms = ["helm", "helm3"] as const;
const serving = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";

describe("the chart's life", { skip: skipWithout(...helms) }, () => {
  let ground: Ground;
  before(async () => {
    ground = await prepareGround();
  });
  after(() => ground.cp.stop());

  for (const name of helms)
    describe(`by ${name}`, () => {
      let release: Release;
      let guard: GuardProcess | undefined;
      before(async () => {
        release = await releaseBy(name, ground);
      });
      after(async () => {
        await release.uninstall();
        await guard?.end();
      });

      it("begins with an install that waits until two pods are ready, and says what to do next", async () => {
        assert.match(await release.install(), /kubectl linkerd-certs check --linkerd-namespace linkerd\n/);
        const { status } = await mustApi<{ status: { readyReplicas?: number } }>(
          ground.cp.api,
          "GET",
          "/apis/apps/v1/namespaces/linkerd-certs/deployments/linkerd-certs",
        );
        assert.equal(status.readyReplicas, 2);
      });

      it("has pods that are admitted under the restricted standard, and a guard that answers with the rights it gets", async () => {
        guard = await startGuardProcess(ground.cp, { port: ground.port });
        await guard.ready();
        await inForce(ground.cp);
        const { body } = await ground.cp.api<{ message: string }>(
          "PUT",
          issuerPath,
          issuerOf(ground.material.foreign),
        );
        assert.match(body.message, /issuer-chains-to-anchor/);
        assert.equal((await ground.cp.api("PUT", issuerPath, issuerOf(ground.material.renewed))).status, 200);
      });

      it("changes nothing by an upgrade to the same, and takes no certificate from the guard", async () => {
        const before = await versions(ground.cp, release);
        const authority = await caBundle(ground.cp);
        assert.ok(authority !== undefined && authority !== "");
        await release.upgrade();
        assert.deepEqual(await versions(ground.cp, release), before);
        assert.equal(await caBundle(ground.cp), authority);
        const { data } = await mustApi<{ data: object }>(ground.cp.api, "GET", serving);
        const keys = Object.keys(data).filter((key) => key.startsWith("tls."));
        assert.deepEqual(keys.sort(), ["tls.crt", "tls.key"]);
      });

      it("shows no difference between what is rendered and what is live, while the guard runs", async () => {
        const { code, stdout } = await ground.cp.kubectl(["diff", "-f", "-"], {
          stdin: await release.manifest(),
        });
        assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
      });

      it("goes on with all values changed, and with the defaults again", async () => {
        // The namespace is there, and the guard goes on as the account that it is.
        const { createNamespace: _, serviceAccount: __, ...all } = everything["everything at once"] as Values;
        for (const next of [all, {}]) {
          const authority = await caBundle(ground.cp);
          await release.upgrade(next);
          assert.equal(await caBundle(ground.cp), authority);
          await inForce(ground.cp);
          assert.equal((await ground.cp.api("PUT", issuerPath, issuerOf(ground.material.live))).status, 200);
        }
      });

      it("goes over to a certificate of one's own; Helm 4 must be told to take the caBundle from the guard", async () => {
        const given = {
          certificate: { mode: "files", secretName: "mine" },
          webhook: { caBundle: "bWluZQ==" },
        };
        const flags = name === "helm3" ? [] : ["--force-conflicts"];
        // The Secret is not there, and no pod starts.
        await release.upgrade(given, { waits: false, flags });
        assert.equal(await caBundle(ground.cp), "bWluZQ==");
        await release.upgrade();
        await inForce(ground.cp);
      });

      it("takes an upgrade back", async () => {
        await release.upgrade({ log: { level: "debug" } });
        await release.rollback();
        const { data } = await mustApi<{ data: Record<string, string> }>(
          ground.cp.api,
          "GET",
          "/api/v1/namespaces/linkerd-certs/configmaps/linkerd-certs-config",
        );
        assert.match(data["config.yaml"] ?? "", /level: info/);
        await inForce(ground.cp);
      });
    });
});

type Values = Readonly<Record<string, unknown>>;
