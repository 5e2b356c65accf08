import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { type Kubectl, kubectlFor } from "../cluster/kubectl.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { manifests } from "../manifests/install.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { installTrust } from "../steadiness/trust.ts";
import { redirected } from "./chart.ts";
import { prometheusKinds } from "./crds.ts";
import { findProgram, type ProgramName } from "./programs.ts";

/** A cluster for the chart: Linkerd's trust, a meshed workload, the namespaces, Prometheus' operator's kinds. */
export interface Ground {
  readonly cp: ControlPlane;
  readonly material: Material;
  /** Where the chart's Service leads. */
  readonly port: number;
}

export async function prepareGround(): Promise<Ground> {
  const material = mintMaterial(new Date());
  const cp = await startControlPlane();
  const [port = 0] = await freePorts(1);
  await prometheusKinds(cp);
  await installTrust(cp, material);
  await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
  await ensureNamespace(cp, "monitoring");
  await cp.kubectl(["apply", "-f", join(manifests, "guard", "namespace.yaml")]);
  await ensureNamespace(cp, "linkerd-certs");
  return { cp, material, port };
}

/** The chart as a release, by one of the Helms. Each fails when Helm does, and gives what it printed. */
export interface Release {
  install(values?: object): Promise<string>;
  upgrade(values?: object, how?: Upgrade): Promise<string>;
  rollback(): Promise<string>;
  uninstall(): Promise<string>;
  /** What Helm has installed, as YAML. */
  manifest(): Promise<string>;
}

interface Upgrade {
  /** By default it waits until all is ready. */
  readonly waits?: boolean;
  readonly flags?: readonly string[];
}

export async function releaseBy(name: ProgramName, { cp, port }: Ground): Promise<Release> {
  const helm: Kubectl = kubectlFor(await findProgram(name), cp.kubeconfig, cp.dir);
  const at = ["linkerd-certs", "-n", "linkerd-certs"];
  const wait = ["--wait", "--timeout=120s"];
  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await helm(words);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const values = (given: object) => {
    const file = join(cp.dir, "values.json");
    writeFileSync(file, JSON.stringify({ ...given, service: { port } }));
    return [redirected(cp.dir), "-f", file];
  };
  return {
    install: (given = {}) => run("install", ...at, ...values(given), ...wait),
    upgrade: (given = {}, { waits = true, flags = [] } = {}) =>
      run("upgrade", ...at, ...values(given), ...(waits ? wait : []), ...flags),
    rollback: () => run("rollback", ...at, ...wait),
    uninstall: () => run("uninstall", ...at, ...wait),
    manifest: () => run("get", "manifest", ...at),
  };
}

/** Of the first webhook, as it is live. */
export async function caBundle(cp: ControlPlane): Promise<string | undefined> {
  const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";
  const { webhooks } = await mustApi<{ webhooks: { clientConfig: { caBundle?: string } }[] }>(
    cp.api,
    "GET",
    path,
  );
  return webhooks[0]?.clientConfig.caBundle;
}

/** Of each object of the release. */
export async function versions(cp: ControlPlane, release: Release): Promise<readonly string[]> {
  const { stdout } = await cp.kubectl(["get", "-f", "-", "-o", "json"], { stdin: await release.manifest() });
  const { items } = JSON.parse(stdout) as {
    items: { kind: string; metadata: { name: string; resourceVersion: string } }[];
  };
  assert.ok(items.length > 10);
  return items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
}
