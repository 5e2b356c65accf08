import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { after, anchor, day, issuer, type Minted, year } from "../certificates/index.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import { type Outcome, testWorld } from "./world.ts";

const first = anchor("first");
const second = anchor("second");
const old = anchor("old", { notAfter: after(-day) });
const live = issuer(first);
const next = issuer(second);

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

interface Report {
  readonly findings: readonly Found[];
  readonly predictions: readonly {
    readonly allowed: boolean;
    readonly rules: readonly string[];
    readonly operation: string;
  }[];
  readonly betterOrder?: readonly string[];
  readonly notes: readonly string[];
  readonly summary: { readonly errors: number };
}

type Files = Readonly<Record<string, string>>;

async function json(files: Files, ...words: string[]): Promise<Report & { code: number }> {
  const names = words.includes("-f") ? [] : ["-f", "it.yaml"];
  const { stdout, stderr, code } = await testWorld({ files }).run(
    "validate",
    ...names,
    ...words,
    "-o",
    "json",
  );
  assert.notEqual(stdout, "", stderr);
  return { ...(JSON.parse(stdout) as Report), code };
}

const yaml = (...objects: object[]) => objects.map((one) => stringify(one, { lineWidth: 0 })).join("---\n");
const rulesOf = ({ findings }: Report) =>
  findings.map(({ rule, severity, line }) => `${severity} ${rule} ${line}`);

describe("validate, a state", () => {
  it("finds nothing in what is sound", async () => {
    const files = { "it.yaml": yaml(trustRootsOf([first]), issuerOf(live)) };
    const { code, findings } = await json(files, "--ignore", "key-not-in-manifest");
    assert.deepEqual([code, findings], [0, []]);
  });

  it("points at the very certificate in the bundle", async () => {
    const text = yaml(trustRootsOf([first, old]));
    const report = await json({ "it.yaml": text });
    const line = text.split("\n").findLastIndex((one) => one.includes("BEGIN")) + 1;
    assert.deepEqual([report.code, rulesOf(report)], [2, [`error anchor-not-expired ${line}`]]);
  });

  it("points at the key in the bundle", async () => {
    const text = yaml(trustRootsOf(`${first.pem}${first.keyPem}`));
    const report = await json({ "it.yaml": text });
    const line = text.split("\n").findIndex((one) => one.includes("PRIVATE")) + 1;
    assert.ok(rulesOf(report).includes(`error bundle-holds-no-key ${line}`));
    assert.ok(!rulesOf(report).some((one) => one.includes("key-not-in-manifest")));
  });

  it("judges bundle and issuer together, and stringData as data", async () => {
    const { data: _, ...secret } = issuerOf(next);
    const text = yaml(trustRootsOf([first]), {
      ...secret,
      stringData: { "crt.pem": next.pem, "key.pem": live.keyPem },
    });
    const report = await json({ "it.yaml": text });
    const rules = new Set(report.findings.map(({ rule }) => rule));
    assert.deepEqual([...rules].sort(), [
      "issuer-chains-to-anchor",
      "issuer-key-matches",
      "key-not-in-manifest",
    ]);
    const keyLine = text.split("\n").findIndex((one) => one.startsWith("  key.pem")) + 1;
    assert.equal(report.findings.find(({ rule }) => rule === "issuer-key-matches")?.line, keyLine);
  });

  it("takes Linkerd's namespace from -L, and leaves other namespaces alone", async () => {
    const files = { "it.yaml": yaml(trustRootsOf("", { namespace: "mesh" })) };
    assert.equal((await json(files)).code, 0);
    assert.equal((await json(files, "-L", "mesh")).code, 2);
  });

  it("says what the API server itself would not take", async () => {
    const manifest = { ...trustRootsOf([first]), data: { "ca-bundle.crt": 5 } };
    assert.deepEqual(rulesOf(await json({ "it.yaml": yaml(manifest) })), ["error api-server-accepts 7"]);
  });

  it("asks as the guard's configuration says", async () => {
    const files = {
      "it.yaml": yaml(trustRootsOf([first, old])),
      "config.yaml": "rules: {anchor-not-expired: warn}\n",
    };
    assert.equal((await json(files, "--guard-config", "config.yaml")).code, 0);
    assert.equal((await json(files, "--guard-config", "config.yaml", "--fail-on", "warning")).code, 2);
  });
});

describe("validate, private keys", () => {
  const object = (kind: string, more: object) => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "x" },
    ...more,
  });
  const pem = first.keyPem;
  const base64 = Buffer.from(pem).toString("base64");
  const places: Readonly<Record<string, object>> = {
    "a Secret's data": object("Secret", { data: { "tls.key": base64 } }),
    "a Secret's stringData": object("Secret", { stringData: { "tls.key": pem } }),
    "a Secret's data, as DER": object("Secret", { data: { k: pem.split("\n").slice(1, -2).join("") } }),
    "any ConfigMap": object("ConfigMap", { data: { "values.yaml": `tls:\n  keyPEM: |\n    ${pem}` } }),
    "a ConfigMap, in base64": object("ConfigMap", { data: { k: base64 } }),
    "the name of an annotation": object("Service", {
      metadata: { name: "x", annotations: { [pem.split("\n").slice(1, -2).join("")]: "" } },
    }),
    "an annotation": object("Service", { metadata: { name: "x", annotations: { backup: base64 } } }),
    "a container's environment": {
      ...object("Pod", { spec: { containers: [{ env: [{ name: "K", value: pem }] }] } }),
    },
  };
  for (const [title, manifest] of Object.entries(places)) {
    it(`finds one in ${title}, and does not show it`, async () => {
      const files = { "it.yaml": yaml(manifest) };
      const report = await json(files);
      assert.deepEqual([report.code, report.findings.map(({ rule }) => rule)], [2, ["key-not-in-manifest"]]);
      assert.doesNotMatch(JSON.stringify(report), /BEGIN|LS0tLS1|MHcC/);
    });
  }

  it("is a warning in a Secret from standard input, and an error in a ConfigMap", async () => {
    const ask = (manifest: object) =>
      testWorld({ stdin: yaml(manifest) }).run("validate", "-f", "-", "-o", "short");
    assert.match((await ask(object("Secret", { data: { k: base64 } }))).stdout, /^‼ stdin:6 /);
    assert.match((await ask(object("ConfigMap", { data: { k: pem } }))).stdout, /^× stdin:\d+ /);
  });

  it("finds none in what SOPS has encrypted", async () => {
    const manifest = object("Secret", {
      data: { k: "ENC[AES256_GCM,data:3q2+7w==,iv:AAAA,tag:BBBB,type:str]" },
      sops: {},
    });
    assert.equal((await json({ "it.yaml": yaml(manifest) })).code, 0);
  });
});

describe("validate, a change", () => {
  const before = (...anchors: Minted[]) => yaml(trustRootsOf(anchors), issuerOf(live));
  const against = ["--against", "before.yaml", "--ignore", "key-not-in-manifest"];

  it("refuses only what the change brings", async () => {
    const label = yaml(trustRootsOf([first, old], { labels: { a: "b" } }));
    const report = await json({ "it.yaml": label, "before.yaml": before(first, old) }, ...against);
    assert.deepEqual(report.predictions[0], { ...report.predictions[0], allowed: true, operation: "UPDATE" });
    assert.ok(rulesOf(report).some((one) => one.startsWith("warning anchor-not-expired")));
  });

  it("sees what no state shows: the whole bundle swapped", async () => {
    const files = { "it.yaml": yaml(trustRootsOf([second]), issuerOf(next)), "before.yaml": before(first) };
    assert.ok(!(await json(files)).findings.some(({ rule }) => rule === "bundle-overlaps-previous"));
    const { code, predictions } = await json(files, ...against);
    assert.equal(code, 2);
    assert.ok(predictions[0]?.rules.includes("bundle-overlaps-previous"));
  });

  it("judges each write after the one before it, and names a better order", async () => {
    const files = {
      "it.yaml": yaml(issuerOf(next), trustRootsOf([first, second])),
      "before.yaml": before(first),
    };
    const report = await json(files, ...against);
    assert.deepEqual(
      report.predictions.map(({ allowed }) => allowed),
      [false, true],
    );
    assert.deepEqual(
      report.betterOrder?.map((one) => one.split(" ")[0]),
      ["ConfigMap", "Secret"],
    );
    const turned = { ...files, "it.yaml": yaml(trustRootsOf([first, second]), issuerOf(next)) };
    assert.equal((await json(turned, ...against)).code, 0);
  });

  it("says that what is no longer there will be deleted", async () => {
    const { code, findings, predictions } = await json(
      { "it.yaml": yaml(issuerOf(live)), "before.yaml": before(first) },
      ...against,
    );
    assert.equal(code, 2);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error").map(({ rule, file }) => [rule, file]),
      [["trust-not-deleted", "before.yaml"]],
    );
    assert.deepEqual(
      predictions.map(({ operation }) => operation),
      ["none", "DELETE"],
    );
  });

  it("honours the object's own annotation, and says so", async () => {
    const annotations = { "linkerd-certs.io/allow": "bundle-overlaps-previous" };
    const files = {
      "it.yaml": yaml(trustRootsOf([second], { annotations })),
      "before.yaml": yaml(trustRootsOf([first])),
    };
    const { code, findings } = await json(files, ...against);
    assert.equal(code, 0);
    assert.match(JSON.stringify(findings), /let pass by its annotation/);
  });

  it("knows what the API server does not let change", async () => {
    const secret = { ...issuerOf(live), type: "kubernetes.io/tls", data: { "tls.crt": "", "tls.key": "" } };
    const { predictions } = await json({ "it.yaml": yaml(secret), "before.yaml": before(first) }, ...against);
    assert.deepEqual(predictions[0], { ...predictions[0], allowed: false, by: "API server" });
  });

  it("fails where there is no such state", async () => {
    const { code, stderr } = await testWorld({ files: { "it.yaml": before(first) } }).run(
      "validate",
      "-f",
      "it.yaml",
      ...against,
    );
    assert.equal(code, 1);
    assert.match(stderr, /^linkerd-certs: error: before.yaml: there is no such file\nlinkerd-certs: hint: /);
  });
});

describe("validate, its words and formats", () => {
  const files = {
    "it.yaml": yaml(trustRootsOf([first, old]), issuerOf(issuer(first, { notAfter: after(20 * year) }))),
  };
  const ask = (...words: string[]): Promise<Outcome> => testWorld({ files }).run("validate", ...words);

  it("wants manifests, and known words", async () => {
    for (const words of [
      [],
      ["it.yaml"],
      ["-f", "it.yaml", "-o", "xml"],
      ["-f", "it.yaml", "--fail-on", "never"],
      ["-f", "-", "--against", "-"],
      ["-f", "it.yaml", "--ignore", "key-in-manifest"],
    ]) {
      assert.equal((await ask(...words)).code, 64, words.join(" "));
    }
  });

  it("short is a line for each finding, file and line first", async () => {
    const { stdout } = await ask("-f", "it.yaml", "-o", "short");
    for (const line of stdout.trimEnd().split("\n")) assert.match(line, /^[×‼] it\.yaml:\d+ .+ \[[a-z-]+\]$/);
  });

  it("table says why, how to mend it, and where to read more", async () => {
    const { stdout } = await ask("-f", "it.yaml");
    assert.match(stdout, /fix: .+\n {4}see: https:.+#anchor-not-expired\n/);
    assert.match(stdout, /2 objects in 1 file: \d errors?, \d warnings?\n$/);
  });

  it("yaml says what json says", async () => {
    const [a, b] = [await ask("-f", "it.yaml", "-o", "json"), await ask("-f", "it.yaml", "-o", "yaml")];
    assert.deepEqual(parse(b.stdout), JSON.parse(a.stdout));
  });

  it("sarif has file and line for each result, and a rule for each id", async () => {
    const { stdout } = await ask("-f", "it.yaml", "-o", "sarif");
    const log = JSON.parse(stdout) as Sarif;
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    assert.ok(run !== undefined && run.results.length > 0);
    for (const { ruleId, ruleIndex, level, message, locations } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.ok(["error", "warning"].includes(level) && message.text.length > 0);
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
      assert.equal(artifactLocation?.uri, "it.yaml");
      assert.ok(Number.isInteger(region?.startLine) && (region?.startLine ?? 0) > 1);
    }
  });

  it("github and junit name the same findings", async () => {
    const github = (await ask("-f", "it.yaml", "-o", "github")).stdout.trimEnd().split("\n");
    for (const line of github)
      assert.match(line, /^::(error|warning) file=it\.yaml,line=\d+,title=[a-z-]+::/);
    const junit = (await ask("-f", "it.yaml", "-o", "junit", "--fail-on", "warning")).stdout;
    assert.equal(junit.match(/<failure /g)?.length, github.length);
  });

  it("an unreadable document is exit code 1, and 2 where something was found beside it", async () => {
    const world = (text: string) => testWorld({ files: { "it.yaml": text } });
    const broken = await world("a: [\n").run("validate", "-f", "it.yaml");
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /^linkerd-certs: error: it\.yaml:\d: not YAML or JSON/);
    assert.equal((await world(`a: [\n---\n${files["it.yaml"]}`).run("validate", "-f", "it.yaml")).code, 2);
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}
