// What machines read of us, by the schemas of those who read it (schemas/README.md).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import fc from "fast-check";
import { github } from "../../plugin/render/github.ts";
import { junit } from "../../plugin/render/junit.ts";
import { sarif } from "../../plugin/render/sarif.ts";
import type { Suite } from "../../plugin/render/suites.ts";
import { forbidden, type Objects, readOnly } from "./read-only.ts";
import { healthy, sick } from "./report/meshes.ts";
import { testWorld } from "./world.ts";

const file = (name: string) => fileURLToPath(new URL(`schemas/${name}`, import.meta.url));

/** The real outputs: of a healthy mesh, a sick one, one that is half hidden, and of manifests. */
const outputs: Readonly<Record<string, (format: string) => Promise<string>>> = {
  "a healthy mesh": (format) => checked(healthy(), format),
  "a sick mesh": (format) => checked(sick(), format),
  "a mesh half out of sight": (format) =>
    checked({ ...healthy(), "/api/v1/pods": forbidden("pods") }, format),
  "manifests with nothing wrong": (format) =>
    validated("kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n", format),
  "manifests with much wrong": (format) => validated(bad, format),
  "a manifest that cannot be read": (format) => validated("kind: [\n", format),
};

const bad = `apiVersion: v1
kind: ConfigMap
metadata: { name: linkerd-identity-trust-roots, namespace: linkerd }
data: { ca-bundle.crt: "<nothing> & \\u0007" }
---
apiVersion: trust.cert-manager.io/v1alpha1
kind: Bundle
metadata: { name: linkerd-identity-trust-roots }
spec: { sources: [{ useDefaultCAs: true }], target: { configMap: { key: "ca.crt" } } }
`;

async function checked(objects: Objects, format: string): Promise<string> {
  const world = testWorld({ cluster: readOnly(objects) });
  return (await world.run("check", "-o", format, "--fail-on", "never")).stdout;
}

async function validated(text: string, format: string): Promise<string> {
  const world = testWorld({ files: { "a b%,ü.yaml": text } });
  return (await world.run("validate", "-f", world.path("a b%,ü.yaml"), "-o", format)).stdout;
}

const word = fc.string({ unit: "binary", maxLength: 30 });
const anySuites: fc.Arbitrary<readonly Suite[]> = fc.array(
  fc.record({
    name: word,
    cases: fc.array(
      fc.record({
        id: fc.constantFrom("issuer-is-ca", "a"),
        summary: word,
        result: fc.constantFrom("success", "warning", "error", "skipped"),
        findings: fc.array(
          fc.record(
            {
              severity: fc.constantFrom("error", "warning"),
              message: word,
              detail: word,
              file: word,
              line: fc.integer({ min: 1, max: 99 }),
              object: word,
            },
            { requiredKeys: ["severity", "message"] },
          ),
          { maxLength: 2 },
        ),
        remedy: word,
        docs: fc.constantFrom("", "https://docs/#a"),
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 3 },
);

describe("SARIF", () => {
  // The schema is of draft 4; what of it ajv no longer reads has been renamed, and nothing else.
  const { id, ...schema } = JSON.parse(readFileSync(file("sarif-2.1.0.json"), "utf8"));
  const valid = new Ajv({
    strict: false,
    allErrors: true,
    formats: {
      uri: (text: string) => URL.canParse(text),
      "uri-reference": (text: string) => /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i.test(text),
      "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
    },
  }).compile({ ...schema, $id: id, $schema: undefined });

  for (const [what, output] of Object.entries(outputs))
    test(`of ${what} is what its schema wants`, async () => {
      const log = JSON.parse(await output("sarif"));
      assert.equal(valid(log), true, JSON.stringify(valid.errors, undefined, 1));
      // Code scanning wants more of a rule than the standard does.
      for (const rule of log.runs[0].tool.driver.rules)
        assert.ok(rule.shortDescription.text && rule.fullDescription.text && rule.help.text, rule.id);
    });

  test("is that of whatever is found, however it is called", () => {
    const holds = (suites: readonly Suite[]) =>
      assert.ok(valid(JSON.parse(sarif(suites))), JSON.stringify(valid.errors));
    fc.assert(fc.property(anySuites, holds), { numRuns: 200 });
  });

  test("the schema is read: it refuses what is wrong", () => {
    assert.ok(!valid({ version: "2.1.0" }));
    assert.ok(!valid({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", nothing: 1 } } }] }));
  });
});

describe("JUnit's XML, by what Jenkins reads", { skip: noXmllint() }, () => {
  for (const [what, output] of Object.entries(outputs))
    test(`of ${what} is what its schema wants`, async () => assert.equal(xmllint(await output("junit")), ""));

  test("is that of whatever is found, however it is called", () => {
    const holds = (suites: readonly Suite[]) => assert.equal(xmllint(junit(suites)), "");
    fc.assert(fc.property(anySuites, holds), { numRuns: 25 });
  });

  test("the schema is read: it refuses what is wrong", () => {
    assert.match(xmllint("<testsuites><testsuite/></testsuites>"), /'name' is required/);
  });
});

function noXmllint() {
  return spawnSync("xmllint", ["--version"]).error !== undefined && "needs xmllint (libxml2)";
}

function xmllint(xml: string): string {
  const { status, stderr } = spawnSync(
    "xmllint",
    ["--noout", "--nonet", "--schema", file("junit-10.xsd"), "-"],
    {
      input: xml,
      encoding: "utf8",
    },
  );
  return status === 0 ? "" : stderr;
}

describe("GitHub's annotations", () => {
  // As the runner reads a line (actions/runner src/Runner.Common/ActionCommand.cs).
  const read = (line: string) => {
    const [, command = "", properties = "", message = ""] = /^::(\S+) (.*?)::(.*)$/s.exec(line) ?? [];
    const unescaped = (text: string) =>
      text
        .replaceAll("%0D", "\r")
        .replaceAll("%0A", "\n")
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ",")
        .replaceAll("%25", "%");
    const pairs = properties.split(",").map((one) => one.split("=", 2));
    const named = Object.fromEntries(pairs.map(([name, value = ""]) => [name, unescaped(value)]));
    const text = message.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
    return { command, ...named, text } as Readonly<Record<string, string>>;
  };

  test("are one line each, and come out as they went in, whatever is in them", () => {
    const property = fc.property(anySuites, (suites) => {
      const findings = suites.flatMap(({ cases }) =>
        cases.flatMap((one) => one.findings.map((f) => ({ one, f }))),
      );
      const lines = github(suites).split("\n").slice(0, -1);
      assert.equal(lines.length, findings.length);
      for (const [at, { one, f }] of findings.entries()) {
        const { command, title, file: place, line, text } = read(lines[at] ?? "");
        assert.deepEqual([command, title, place], [f.severity, one.id, f.file]);
        assert.equal(line, f.file === undefined ? undefined : f.line?.toString());
        assert.ok(text?.startsWith(f.message), lines[at] ?? "");
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
