import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import { chart, objectsIn } from "./chart.ts";
import { prometheusKinds } from "./crds.ts";
import { everything } from "./everything.ts";
import { findProgram, skipWithout } from "./programs.ts";
import { schemaLocation, writeSchemas } from "./schemas.ts";

describe("what Helm renders, to the API server", { skip: skipWithout("helm", "kubeconform") }, () => {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-schemas-"));
  let cp: ControlPlane;
  let helm: string;
  let kubeconform: string;
  before(async () => {
    [helm, kubeconform] = await Promise.all([findProgram("helm"), findProgram("kubeconform")]);
    cp = await startControlPlane();
    await prometheusKinds(cp);
    for (const namespace of ["linkerd", "mesh", "linkerd-certs", "monitoring"])
      await ensureNamespace(cp, namespace);
    assert.ok((await writeSchemas(cp, dir)) > 100);
  });
  after(async () => {
    rmSync(dir, { recursive: true, force: true });
    await cp.stop();
  });

  for (const [what, values] of Object.entries(everything)) {
    it(`holds no field that it does not know: ${what}`, () => {
      const { status, stdout } = conforms(rendered(values));
      assert.equal(status, 0, stdout);
      assert.match(stdout, /Valid: \d+, Invalid: 0, Errors: 0/);
    });

    it(`is taken whole by a dry run, without a warning: ${what}`, async () => {
      const known = objectsIn(rendered(values)).filter(
        ({ apiVersion }) => !apiVersion.startsWith("cert-manager.io/"),
      );
      const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items: known });
      const { code, stdout, stderr } = await cp.kubectl(
        ["apply", "--dry-run=server", "--validate=strict", "-f", "-"],
        { stdin },
      );
      assert.deepEqual(
        { code, stderr: stderr.replace(/.*missing the .* annotation.*\n/g, "") },
        { code: 0, stderr: "" },
      );
      assert.equal(stdout.trim().split("\n").length, known.length);
    });
  }

  it("would be found out with a field misspelt", () => {
    for (const [kind, right, wrong] of misspelt) {
      const { status, stdout } = conforms(rendered(monitored).replace(`${right}:`, `${wrong}:`));
      assert.equal(status, 1, kind);
      assert.match(stdout, new RegExp(`${kind} .*${wrong}`));
    }
  });

  it("would be refused with a relabelling that Prometheus' operator does not know", async () => {
    const relabelings = [{ action: "dropLabel", regex: "endpoint" }];
    const text = rendered({ monitoring: { serviceMonitor: { enabled: true, relabelings } } });
    assert.match(conforms(text).stdout, /ServiceMonitor .*\/relabelings\/0\/action/);
    const monitor = objectsIn(text).find(({ kind }) => kind === "ServiceMonitor");
    const { code, stderr } = await cp.kubectl(["apply", "--dry-run=server", "-f", "-"], {
      stdin: JSON.stringify(monitor),
    });
    assert.equal(code, 1);
    assert.match(stderr, /spec\.endpoints\[0\]\.relabelings\[0\]\.action: Unsupported value: "dropLabel"/);
  });

  const monitored = {
    monitoring: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
  };
  const misspelt = [
    ["Deployment", "revisionHistoryLimit", "revisionHistorylimit"],
    ["ServiceMonitor", "matchNames", "matchNamespaces"],
    ["PrometheusRule", "alert", "alarm"],
  ] as const;

  function rendered(values: object): string {
    const file = join(dir, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const args = ["template", "linkerd-certs", chart, "-n", "linkerd-certs", "-f", file];
    const { status, stdout, stderr } = spawnSync(helm, args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  function conforms(input: string) {
    // cert-manager's own kinds are tried where cert-manager is.
    const args = [
      "-strict",
      "-summary",
      "-skip",
      "Issuer,Certificate",
      "-schema-location",
      schemaLocation(dir),
      "-",
    ];
    return spawnSync(kubeconform, args, { encoding: "utf8", input });
  }
});
