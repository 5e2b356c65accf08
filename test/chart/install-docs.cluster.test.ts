import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { bundle } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { ensureNamespace, inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { type Desk, deskAt } from "../docs/desk.ts";
import { type Guarding, guarding } from "../docs/guarding.ts";
import { blocksOf } from "../docs/pages.ts";
import { tellPage } from "../docs/telling.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { installTrust } from "../steadiness/trust.ts";
import { home, read } from "./chart.ts";
import { certManagerKinds, prometheusKinds } from "./crds.ts";
import { skipWithout } from "./programs.ts";

const blocks = blocksOf("docs/install.md");

describe("every command of docs/install.md and docs/monitoring.md, in its order", {
  skip: skipWithout("helm"),
}, () => {
  const material = mintMaterial(new Date());
  let cp: ControlPlane;
  let guard: Guarding | undefined;
  let desk: Desk;
  before(async () => {
    cp = await startControlPlane();
    await installTrust(cp, material);
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
    for (const namespace of ["linkerd", "linkerd-staging"]) await ensureNamespace(cp, namespace);
    await Promise.all([prometheusKinds(cp), certManagerKinds(cp)]);
    const [guardPort = 0] = await freePorts(1);
    guard = guarding(cp, guardPort);
    desk = await deskAt(cp, { guardPort });
    // What the page expects to be in the folder.
    for (const file of ["tls.crt", "ca.crt"]) writeFileSync(join(desk.dir, file), material.live.pem);
    writeFileSync(join(desk.dir, "tls.key"), material.live.keyPem);
  });
  after(async () => {
    await guard?.end();
    await cp.stop();
  });

  for (const page of ["docs/install.md", "docs/monitoring.md"])
    describe(page, () => {
      tellPage({
        page,
        desk: () => desk,
        async after(command) {
          await guard?.after(command);
          // One is enough, for the refusal; with one at work Helm 4 would want what the page says of --force-conflicts.
          if (command.startsWith("helm uninstall")) guard = undefined;
        },
      });
    });

  it("and those of the chart's README and NOTES.txt are the same", () => {
    for (const { text } of blocksOf("manifests/chart/README.md").filter(({ kind }) => kind === "sh"))
      assert.ok(
        blocks.some((block) => block.text === text),
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
