import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { type Kubectl, kubectlFor } from "../cluster/kubectl.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { manifests } from "../manifests/install.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { inForce, installTrust, issuerPath, trustRootsPath } from "../steadiness/trust.ts";
import { redirected } from "./chart.ts";
import { prometheusKinds } from "./crds.ts";
import { everything } from "./everything.ts";
import { inventory, onlyLeft } from "./inventory.ts";
import { findProgram, type ProgramName, skipWithout } from "./programs.ts";
import { caBundle, versions } from "./release.ts";

const serving = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";

for (const name of ["helm", "helm3"] as const) lives(name);

function lives(name: ProgramName): void {
  describe(`the chart's life, by ${name}`, { skip: skipWithout(name) }, () => {
    const material = mintMaterial(new Date());
    let cp: ControlPlane;
    let helm: Kubectl;
    let port: number;
    let guard: GuardProcess;
    let empty: readonly string[];
    const release = () => [
      "linkerd-certs",
      redirected(cp.dir),
      "-n",
      "linkerd-certs",
      "--wait",
      "--timeout=40s",
    ];
    const values = (given: object) => {
      const file = join(cp.dir, "values.json");
      writeFileSync(file, JSON.stringify({ ...given, service: { port } }));
      return ["-f", file];
    };

    before(async () => {
      cp = await startControlPlane();
      helm = kubectlFor(await findProgram(name), cp.kubeconfig, cp.dir);
      [port = 0] = await freePorts(1);
      await prometheusKinds(cp);
      await installTrust(cp, material);
      await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
      await ensureNamespace(cp, "monitoring");
      await cp.kubectl(["apply", "-f", join(manifests, "guard", "namespace.yaml")]);
      await ensureNamespace(cp, "linkerd-certs");
      empty = await eventually("the cluster is at rest", async () => {
        const [one, other] = [await inventory(cp), await inventory(cp)];
        return one.join() === other.join() && one;
      });
    });
    after(async () => {
      await guard?.end();
      await cp.stop();
    });

    it("begins with an install that waits until two pods are ready, and says what to do next", async () => {
      const { code, stdout, stderr } = await helm(["install", ...release(), ...values({})]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /kubectl linkerd-certs check --linkerd-namespace linkerd\n/);
      const { status } = await mustApi<{ status: { readyReplicas?: number } }>(
        cp.api,
        "GET",
        "/apis/apps/v1/namespaces/linkerd-certs/deployments/linkerd-certs",
      );
      assert.equal(status.readyReplicas, 2);
    });

    it("has pods that are admitted under the restricted standard, and a guard that answers with the rights it gets", async () => {
      guard = await startGuardProcess(cp, { port });
      await guard.ready();
      await inForce(cp);
      assert.match(
        (await write("PUT", issuerPath, issuerOf(material.foreign))).body.message,
        /issuer-chains-to-anchor/,
      );
      assert.equal((await write("PUT", issuerPath, issuerOf(material.renewed))).status, 200);
    });

    it("changes nothing by an upgrade to the same, and takes no certificate from the guard", async () => {
      const before = await versions(cp, helm);
      const authority = await caBundle(cp);
      assert.ok(authority !== undefined && authority !== "");
      const { code, stderr } = await helm(["upgrade", ...release(), ...values({})]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(await versions(cp, helm), before);
      assert.equal(await caBundle(cp), authority);
      const { data } = await mustApi<{ data: object }>(cp.api, "GET", serving);
      assert.deepEqual(
        Object.keys(data)
          .filter((key) => key.startsWith("tls."))
          .sort(),
        ["tls.crt", "tls.key"],
      );
    });

    it("shows no difference between what is rendered and what is live, while the guard runs", async () => {
      const rendered = await helm(["get", "manifest", "linkerd-certs", "-n", "linkerd-certs"]);
      const { code, stdout } = await cp.kubectl(["diff", "-f", "-"], { stdin: rendered.stdout });
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
    });

    it("goes on with all values changed, and with the defaults again", async () => {
      // The namespace is there, and the guard goes on as the account that it is.
      const { createNamespace: _, serviceAccount: __, ...all } = everything["everything at once"] as Values;
      for (const next of [all, {}]) {
        const authority = await caBundle(cp);
        const { code, stderr } = await helm(["upgrade", ...release(), ...values(next)]);
        assert.equal(code, 0, stderr);
        assert.equal(await caBundle(cp), authority);
        await inForce(cp);
        assert.equal((await write("PUT", issuerPath, issuerOf(material.live))).status, 200);
      }
    });

    it("goes over to a certificate of one's own; Helm 4 must be told to take the caBundle from the guard", async () => {
      const given = { certificate: { mode: "files", secretName: "mine" }, webhook: { caBundle: "bWluZQ==" } };
      const taking = name === "helm3" ? [] : ["--force-conflicts"];
      const over = release().filter((word) => word !== "--wait"); // the Secret is not there, and no pod starts
      const { code, stderr } = await helm(["upgrade", ...over, ...values(given), ...taking]);
      assert.equal(code, 0, stderr);
      assert.equal(await caBundle(cp), "bWluZQ==");
      const back = await helm(["upgrade", ...release(), ...values({})]);
      assert.equal(back.code, 0, back.stderr);
      await inForce(cp);
    });

    it("takes an upgrade back", async () => {
      assert.equal((await helm(["upgrade", ...release(), ...values({ log: { level: "debug" } })])).code, 0);
      const { code, stderr } = await helm([
        "rollback",
        "linkerd-certs",
        "-n",
        "linkerd-certs",
        "--wait",
        "--timeout=40s",
      ]);
      assert.equal(code, 0, stderr);
      const { data } = await mustApi<{ data: Record<string, string> }>(
        cp.api,
        "GET",
        "/api/v1/namespaces/linkerd-certs/configmaps/linkerd-certs-config",
      );
      assert.match(data["config.yaml"] ?? "", /level: info/);
      await inForce(cp);
    });

    it("ends with the guard up: nothing is left, and nothing is in the way", async () => {
      await uninstalled();
      await guard.end();
    });

    it("ends with the guard down: nothing is left, and nothing is in the way", async () => {
      const { code, stderr } = await helm(["install", ...release(), ...values({})]);
      assert.equal(code, 0, stderr);
      await eventually("nobody answers", async () => {
        return (await write("PUT", issuerPath, issuerOf(material.live))).status === 500;
      });
      await uninstalled();
    });

    it("ends after Linkerd's namespace did", async () => {
      assert.equal((await helm(["install", ...release(), ...values({})])).code, 0);
      await mustApi(cp.api, "DELETE", "/api/v1/namespaces/linkerd");
      await eventually("the namespace is gone", async () => {
        return (await cp.api("GET", "/api/v1/namespaces/linkerd")).status === 404;
      });
      const { code, stderr } = await helm([
        "uninstall",
        "linkerd-certs",
        "-n",
        "linkerd-certs",
        "--wait",
        "--timeout=40s",
      ]);
      assert.equal(code, 0, stderr);
      await onlyLeft(
        cp,
        empty.filter((line) => !/ linkerd( |$)/.test(line)),
      );
    });

    async function uninstalled(): Promise<void> {
      const { code, stderr } = await helm([
        "uninstall",
        "linkerd-certs",
        "-n",
        "linkerd-certs",
        "--wait",
        "--timeout=40s",
      ]);
      assert.equal(code, 0, stderr);
      await onlyLeft(cp, empty);
      await eventually("writes pass", async () => {
        const answers = [
          await write("PUT", issuerPath, issuerOf(material.live)),
          await write("PUT", trustRootsPath, trustRootsOf([material.first])),
        ];
        return answers.every(({ status }) => status === 200);
      });
    }

    function write(method: string, path: string, body: object) {
      return cp.api<{ message: string }>(method, path, body);
    }
  });
}

type Values = Readonly<Record<string, unknown>>;
