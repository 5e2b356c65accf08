import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { generate } from "../../manifests/generate/generate.ts";
import { rules } from "../../trust/rules/index.ts";
import { readConfig } from "../../webhook/config.ts";
import { findBinaries } from "../cluster/binaries.ts";
import type { KubeObject } from "../cluster/objects.ts";
import { chart, home, objectsIn, read } from "./chart.ts";
import { comparable, id, sorted } from "./comparable.ts";
import { everything } from "./everything.ts";
import { findProgram, skipWithout } from "./programs.ts";

const ids = rules.map(({ id }) => id);

describe("what Helm renders", { skip: skipWithout("helm", "helm3") }, () => {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-render-"));
  let helm: string;
  let helm3: string;
  let kubectl: string;
  before(async () => {
    [helm, helm3] = await Promise.all([findProgram("helm"), findProgram("helm3")]);
    ({ kubectl } = await findBinaries());
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("is what the plain manifests are", () => {
    const made = generate(helm);
    for (const [path, text] of Object.entries(made))
      assert.equal(read(`manifests/${path}`), text, `${path}: npm run manifests`);
    for (const folder of ["guard", "monitoring"]) {
      const files = readdirSync(join(home, "manifests", folder)).filter(
        (file) => file !== "kustomization.yaml",
      );
      assert.deepEqual(
        files.filter((file) => made[`${folder}/${file}`] === undefined),
        [],
      );
    }
  });

  for (const [what, values] of Object.entries(everything)) {
    it(`passes lint, and is the same twice and from both Helms: ${what}`, () => {
      for (const program of [helm, helm3]) {
        const { status, stdout, stderr } = run(program, ["lint", "--strict", chart, "-f", file(values)]);
        assert.equal(status, 0, stdout + stderr);
      }
      const first = template(values);
      assert.equal(template(values), first);
      // They order kinds that are new to them differently.
      assert.deepEqual(sorted(template(values, helm3)), sorted(first));
    });

    it(`configures the guard so that it starts: ${what}`, () => {
      const config = readConfig(configIn(values), ids);
      const { rules: severities = {}, linkerdNamespace = "linkerd" } = values as Partial<typeof config>;
      assert.deepEqual([config.rules, config.linkerdNamespace], [severities, linkerdNamespace]);
      const named = objectsIn(template(values)).find(({ kind }) => kind === "ValidatingWebhookConfiguration");
      assert.equal(config.certificate.webhookConfigurationName, named?.metadata.name);
    });
  }

  it("draws nothing by chance, looks nothing up, and brings no hook and no authority", () => {
    const templates = readdirSync(join(chart, "templates"));
    const text = templates.map((name) => readFileSync(join(chart, "templates", name), "utf8")).join("\n");
    const actions = (text.match(/\{\{[\s\S]*?\}\}/g) ?? []).join("\n");
    assert.doesNotMatch(
      actions,
      /\b(lookup|genCA|genSelfSignedCert|genSignedCert|genPrivateKey|rand\w+|uuidv4|now)\b/,
    );
    assert.doesNotMatch(text, /Capabilities|helm\.sh\/hook/);
    for (const values of [{}, { certificate: { mode: "cert-manager" } }])
      assert.doesNotMatch(template(values), /^ *caBundle:|BEGIN|^ *tls\.key:/m);
  });

  it("rolls the pods when the guard's settings change, and only then", () => {
    const stamp = (values: object) => /checksum\/config: (\w+)/.exec(template(values))?.[1];
    assert.notEqual(stamp({ log: { level: "debug" } }), stamp({}));
    assert.equal(stamp({ replicas: 3, monitoring: { dashboard: { enabled: true } } }), stamp({}));
  });

  it("gives every object the labels asked for, and a second guard names of its own", () => {
    const values = { ...everything["everything at once"], commonLabels: { team: "platform" } };
    const first = objectsIn(template(values));
    const second = objectsIn(template(values, helm, ["linkerd-certs-2", "-n", "linkerd-certs-2"]));
    for (const { kind, metadata } of first) {
      const { labels = {} } = metadata as { labels?: Record<string, string> };
      if (metadata.name !== "of-mine") assert.equal(labels["team"], "platform", `${kind} ${metadata.name}`);
    }
    const clusterWide = (objects: readonly KubeObject[]) =>
      objects.filter(({ metadata }) => metadata.namespace === undefined).map(id);
    assert.ok(clusterWide(first).length >= 5);
    assert.deepEqual(
      clusterWide(first).filter((one) => clusterWide(second).includes(one)),
      [],
    );
  });

  const refusals: Readonly<Record<string, [values: object, says: RegExp]>> = {
    "a value that there is not": [{ replica: 3 }, /replica/],
    "a rule that there is not": [{ rules: { "issuer-is-caa": "warn" } }, /issuer-is-caa/],
    "a severity that there is not": [
      { rules: { "issuer-is-ca": "error" } },
      /rules\/issuer-is-ca|rules\.issuer-is-ca/,
    ],
    "a level of the log that there is not": [{ log: { level: "verbose" } }, /log/],
    "a policy on failure that there is not": [{ webhook: { failurePolicy: "fail" } }, /failurePolicy/],
    "a wait longer than API servers wait": [{ webhook: { timeoutSeconds: 31 } }, /timeoutSeconds/],
    "a way to a certificate that there is not": [{ certificate: { mode: "certmanager" } }, /mode/],
    "files without a Secret": [{ certificate: { mode: "files" } }, /certificate.secretName: must name/],
    "an account of yours without its name": [
      { serviceAccount: { create: false } },
      /serviceAccount.name: must name/,
    ],
    "less time to end than ending takes": [
      { terminationGracePeriodSeconds: 12 },
      /terminationGracePeriodSeconds: must be more than/,
    ],
  };
  for (const [what, [values, says]] of Object.entries(refusals)) {
    it(`is nothing, with a word why, for ${what}`, () => {
      for (const program of [helm, helm3]) {
        const { status, stderr } = run(program, ["template", "x", chart, "-f", file(values)]);
        assert.notEqual(status, 0);
        assert.match(stderr, says);
      }
    });
  }

  it("is for cert-manager what the option cert-manager of the plain manifests is", () => {
    const plain = kustomized("cert-manager");
    const rendered = objectsIn(template({ createNamespace: true, certificate: { mode: "cert-manager" } }));
    assert.deepEqual(comparable(rendered), comparable(plain));
  });

  it("is for another namespace of Linkerd's what the option other-namespace is", () => {
    const plain = kustomized("other-namespace");
    const rendered = objectsIn(template({ createNamespace: true, linkerdNamespace: "linkerd-other" }));
    assert.deepEqual(comparable(rendered), comparable(plain));
  });

  function template(
    values: object,
    program = helm,
    release = ["linkerd-certs", "-n", "linkerd-certs"],
  ): string {
    const { status, stdout, stderr } = run(program, ["template", ...release, chart, "-f", file(values)]);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  function configIn(values: object): string {
    const object = objectsIn(template(values)).find(({ kind, metadata }) => {
      return kind === "ConfigMap" && metadata.name.endsWith("-config");
    });
    return (object as KubeObject & { data: { "config.yaml": string } }).data["config.yaml"];
  }

  function kustomized(option: string): readonly KubeObject[] {
    const overlay = mkdtempSync(join(home, "manifests", ".test-"));
    try {
      const text = `resources: [../guard]\ncomponents: [../${option}]\n`;
      writeFileSync(join(overlay, "kustomization.yaml"), text);
      const { status, stdout, stderr } = run(kubectl, ["kustomize", overlay]);
      assert.equal(status, 0, stderr);
      return objectsIn(stdout);
    } finally {
      rmSync(overlay, { recursive: true });
    }
  }

  let files = 0;
  function file(values: object): string {
    const path = join(dir, `values-${files++}.json`);
    writeFileSync(path, JSON.stringify(values));
    return path;
  }
});

function run(program: string, args: readonly string[]) {
  return spawnSync(program, args, { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
}
