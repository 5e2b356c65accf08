import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { bundle } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { inForce, installTrust } from "../steadiness/trust.ts";
import { home, read, redirected } from "./chart.ts";
import { certManagerKinds, prometheusKinds } from "./crds.ts";
import { findProgram, skipWithout } from "./programs.ts";

const blocksOf = (file: string) =>
  [...read(file).matchAll(/^```(sh|console|yaml)\n([\s\S]*?)^```$/gm)].map(([, kind = "", text = ""]) => ({
    kind,
    text,
  }));
const blocks = blocksOf("docs/install.md");

describe("every command of docs/install.md and docs/monitoring.md, in its order", {
  skip: skipWithout("helm"),
}, () => {
  const material = mintMaterial(new Date());
  let cp: ControlPlane;
  let guard: GuardProcess | undefined;
  let port: number;
  let path: string;
  before(async () => {
    cp = await startControlPlane();
    await installTrust(cp, material);
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
    for (const namespace of ["linkerd", "linkerd-staging"]) await ensureNamespace(cp, namespace);
    await Promise.all([prometheusKinds(cp), certManagerKinds(cp)]);
    [port = 0] = await freePorts(1);
    path = await programs();
    // What the page expects to be in the folder.
    symlinkSync(join(home, "manifests"), join(cp.dir, "manifests"));
    for (const file of ["tls.crt", "ca.crt"]) writeFileSync(join(cp.dir, file), material.live.pem);
    writeFileSync(join(cp.dir, "tls.key"), material.live.keyPem);
  });
  after(async () => {
    await guard?.end();
    await cp.stop();
  });

  const commands = [...blocks, ...blocksOf("docs/monitoring.md")].filter(({ kind }) => kind === "sh");
  for (const { kind, text } of commands) {
    it(text.trim().split("\n").at(-1) ?? kind, async () => {
      const { code, output } = await shell(text);
      assert.equal(code, 0, output);
      // The pods are kwok's; this is the guard that answers.
      if (guard === undefined && text.includes("helm install")) {
        guard = await startGuardProcess(cp, { port });
        await guard.ready();
        await inForce(cp);
        await refusal();
      }
    });
  }

  it("and those of the chart's README and NOTES.txt are the same", () => {
    for (const { text } of blocksOf("manifests/chart/README.md"))
      assert.ok(
        commands.some((command) => command.text === text),
        text,
      );
    const [shown] = blocks.filter(({ kind }) => kind === "console");
    const refused = shown?.text.split("\n")[0]?.replace("$ ", "") ?? "";
    const notes = read("manifests/chart/templates/NOTES.txt").replaceAll(
      "{{ .Values.linkerdNamespace }}",
      "linkerd",
    );
    assert.ok(notes.includes(`  ${refused}\n`));
  });

  async function refusal(): Promise<void> {
    const [shown] = blocks.filter(({ kind }) => kind === "console");
    const [, command = "", said = ""] = /^\$ (.+)\n([\s\S]+)$/.exec(shown?.text ?? "") ?? [];
    const { code, output } = await shell(command);
    assert.notEqual(code, 0);
    assert.ok(output.includes(said.trimEnd()), output);
  }

  async function shell(script: string): Promise<{ readonly code: number; readonly output: string }> {
    const env = { PATH: path, HOME: cp.dir, KUBECONFIG: cp.kubeconfig };
    const child = spawn("/bin/sh", ["-e", "-c", script], { cwd: cp.dir, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.stdin.end();
    const [code] = await once(child, "close");
    return { code: code ?? -1, output };
  }

  /** kubectl with our plugin; and Helm, for which the chart's Service leads to the guard on this machine. */
  async function programs(): Promise<string> {
    const bin = join(cp.dir, "bin");
    mkdirSync(bin);
    symlinkSync(join(home, "plugin", "kubectl-linkerd_certs.mjs"), join(bin, "kubectl-linkerd_certs"));
    const lines = [
      "#!/bin/sh",
      `for word; do shift; [ "$word" = manifests/chart ] && word=${redirected(cp.dir)}; set -- "$@" "$word"; done`,
      `case $1 in install | upgrade) set -- "$@" --set service.port=${port} ;; esac`,
      `exec ${await findProgram("helm")} "$@"`,
    ];
    writeFileSync(join(bin, "helm"), `${lines.join("\n")}\n`);
    chmodSync(join(bin, "helm"), 0o755);
    return [bin, dirname(process.execPath), dirname(cp.binaries.kubectl), "/usr/bin", "/bin"].join(":");
  }
});

describe("the manifests of docs/install.md and docs/monitoring.md", () => {
  const manifests = blocks.filter(({ kind }) => kind === "yaml").map(({ text }) => parse(text) as Manifest);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(read("manifests/chart/values.schema.json")));

  it("give the chart values that it takes, and lead to it", () => {
    const [application, , release] = manifests;
    assert.ok(validate(application?.spec.source?.helm.valuesObject), JSON.stringify(validate.errors));
    assert.equal(application?.spec.source?.path, release?.spec.chart?.spec.chart);
    const { name, version } = parse(read("manifests/chart/Chart.yaml")) as Record<string, string>;
    assert.equal(application?.spec.source?.helm.releaseName, name);
    assert.equal(application?.spec.source?.targetRevision, `v${version}`);
  });

  it("set values that there are", () => {
    for (const file of ["docs/install.md", "docs/monitoring.md", "manifests/chart/README.md"]) {
      const known = read("manifests/chart/README.md");
      for (const [, value = ""] of read(file).matchAll(/--set ([\w.-]+)=/g)) {
        const parts = value.split(".");
        const some = parts.some((_, index) =>
          known.includes(`| \`${parts.slice(0, index + 1).join(".")}\` |`),
        );
        assert.ok(some, `${file}: ${value}`);
      }
    }
  });

  it("lead to files and sections that there are", () => {
    for (const file of ["docs/install.md", "docs/monitoring.md", "manifests/chart/README.md"]) {
      for (const [, target = ""] of read(file).matchAll(/\]\(([^)]+)\)/g)) {
        const [to = "", section] = target.split("#");
        const text = readFileSync(join(home, dirname(file), to), "utf8");
        if (section === undefined) continue;
        const sections = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => slug(title));
        assert.ok(sections.includes(section), `${file}: ${target}`);
      }
    }
  });
});

const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

interface Manifest {
  readonly spec: {
    readonly source?: {
      readonly path: string;
      readonly targetRevision: string;
      readonly helm: { readonly releaseName: string; readonly valuesObject: object };
    };
    readonly chart?: { readonly spec: { readonly chart: string } };
  };
}
