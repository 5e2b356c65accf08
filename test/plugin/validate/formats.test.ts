import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { after, issuer, year } from "../../certificates/index.ts";
import { issuerOf, trustRootsOf } from "../../scenarios/manifests.ts";
import { type Outcome, testWorld } from "../world.ts";
import { first, old, yaml } from "./validated.ts";

describe("validate, its words and formats", () => {
  const files = {
    "it.yaml": yaml(trustRootsOf([first, old]), issuerOf(issuer(first, { notAfter: after(20 * year) }))),
  };
  const ask = (...words: string[]): Promise<Outcome> => testWorld({ files }).run("validate", ...words);

  it("wants manifests, and known words", async () => {
    for (const words of [
      [],
      ["it.yaml"],
      ["-f", ""],
      ["-f", "it.yaml", "-o", "xml"],
      ["-f", "it.yaml", "--fail-on", "never"],
      ["-f", "-", "--against", "-"],
      ["-f", "it.yaml", "--ignore", "key-in-manifest"],
    ]) {
      assert.equal((await ask(...words)).code, 64, words.join(" "));
    }
  });

  it("is no green light for nothing: an empty pipe, or a file without an object", async () => {
    for (const [stdin, words] of [
      ["", ["-f", "-"]],
      ["---\n# nothing\n", ["-f", "-"]],
      ["", ["-f", "values.yaml"]],
    ] as const) {
      const world = testWorld({ stdin, files: { "values.yaml": "replicas: 3\n" } });
      const { code, stdout, stderr } = await world.run("validate", ...words);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /error: there is no object of Kubernetes in (standard input|values\.yaml)\n.*hint: /,
      );
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
