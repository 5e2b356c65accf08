import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArguments, usage } from "../../webhook/arguments.ts";
import { ConfigError, readConfig } from "../../webhook/config.ts";

const ruleIds = ["issuer-is-ca", "bundle-present"];

describe("the configuration", () => {
  it("is all defaults when nothing is written, or only names of sections", () => {
    const defaults = readConfig("", ruleIds);
    assert.deepEqual(readConfig("rules:\nserver:\n  port:\n", ruleIds), defaults);
    assert.deepEqual(readConfig("{}", ruleIds), defaults);
    assert.equal(defaults.linkerdNamespace, "linkerd");
    assert.deepEqual(defaults.rules, {});
    assert.deepEqual(defaults.thresholds, { remainingShare: 0.2, ceilingDays: 60 });
    assert.deepEqual(defaults.server, {
      port: 8443,
      metricsPort: 8080,
      bodyLimitBytes: 7 * 1024 * 1024,
      requestTimeoutMs: 30_000,
      drainSeconds: 10,
    });
    assert.equal(defaults.certificate.leafLifetimeMs, 86_400_000);
  });

  it("takes YAML and JSON, and durations as Go writes them", () => {
    const yaml = readConfig("rules: {issuer-is-ca: warn}\ncertificate: {leafLifetime: 1h30m}\n", ruleIds);
    assert.deepEqual(yaml.rules, { "issuer-is-ca": "warn" });
    assert.equal(yaml.certificate.leafLifetimeMs, 5_400_000);
    const json = readConfig(
      '{"certificate": {"leafLifetime": "90m"}, "rules": {"issuer-is-ca": "warn"}}',
      ruleIds,
    );
    assert.deepEqual(json, yaml);
  });

  const refused: Readonly<Record<string, readonly [string, string]>> = {
    "a rule that is nearly one": [
      "rules: {issuer-is-caa: deny}",
      "rules.issuer-is-caa: no such rule; did you mean issuer-is-ca?",
    ],
    "a rule that is none": [
      "rules: {nothing-of-the-kind: deny}",
      "rules.nothing-of-the-kind: no such rule; allowed are issuer-is-ca, bundle-present",
    ],
    "a severity that is none": [
      "rules: {issuer-is-ca: error}",
      "rules.issuer-is-ca: must be deny, warn or off",
    ],
    "a share of more than one": [
      "thresholds: {remainingShare: 2}",
      "thresholds.remainingShare: must be a number between 0 and 1",
    ],
    "a number as text": ["server: {port: '8443'}", "server.port: must be a whole number between 0 and 65535"],
    "a field that is nearly one": ["server: {prot: 1}", "server.prot: no such field; did you mean port?"],
    "a section that is nearly one": ["rule: {}", "rule: no such field; did you mean rules?"],
    "a section that is none": ["rules: []", "rules: must be a map of fields"],
    "a list": ["- 1", "configuration: must be a map of fields"],
    "a duration without a unit": [
      "certificate: {leafLifetime: '24'}",
      'certificate.leafLifetime: must be a duration such as "30s", "24h" or "1h30m"',
    ],
    "an authority that ends too soon": [
      "certificate: {leafLifetime: 24h, authorityLifetime: 48h}",
      "certificate.authorityLifetime: must be at least three times certificate.leafLifetime",
    ],
    "a name that Kubernetes would not take": [
      "linkerdNamespace: Linkerd",
      "linkerdNamespace: must be a Kubernetes name: lower-case letters, digits, '-' and '.'",
    ],
    __proto__: [
      '{"rules": {"__proto__": "deny"}}',
      "rules.__proto__: no such rule; allowed are issuer-is-ca, bundle-present",
    ],
    "aliases, which multiply": ["a: &x [1]\nb: [*x, *x]", "not YAML or JSON: Alias resolution is disabled"],
  };
  for (const [what, [text, message]] of Object.entries(refused)) {
    it(`is refused for ${what}`, () => {
      assert.throws(
        () => readConfig(text, ruleIds),
        (error) => error instanceof ConfigError && error.message === message,
      );
    });
  }

  it("is refused for what is no YAML, naming the line", () => {
    assert.throws(() => readConfig("server: {port: 1\nrules: [", ruleIds), /not YAML or JSON: .* line 2/);
  });

  it("names everything that is wrong with it at once", () => {
    assert.throws(
      () => readConfig("server: {port: -1}\nlog: {level: loud}\nfoo: 1", ruleIds),
      ({ message }: ConfigError) => message.split("\n").length === 3,
    );
  });

  it("gives way to the command line, which is held to the same", () => {
    const { server, log } = readConfig("server: {port: 1, metricsPort: 2}", ruleIds, {
      port: 3,
      logLevel: "debug",
    });
    assert.deepEqual([server.port, server.metricsPort, log.level], [3, 2, "debug"]);
    assert.throws(() => readConfig("", ruleIds, { logLevel: "loud" }), /log.level: must be trace, debug, /);
  });
});

describe("the command line", () => {
  it("is read into options, and the environment fills in", () => {
    const argv = ["--config", "c.yaml", "--port=1234", "--metrics-port", "0", "--log-level", "debug"];
    assert.deepEqual(parseArguments(argv, { LINKERD_CERTS_CONFIG: "other", KUBECONFIG: "k" }), {
      kind: "run",
      options: { config: "c.yaml", kubeconfig: "k", port: 1234, metricsPort: 0, logLevel: "debug" },
    });
    assert.deepEqual(parseArguments([], { LINKERD_CERTS_CONFIG: "" }), { kind: "run", options: {} });
  });

  it("explains itself, exit codes and all", () => {
    assert.deepEqual(parseArguments(["-h"], {}), { kind: "help" });
    assert.deepEqual(parseArguments(["--version"], {}), { kind: "version" });
    assert.match(usage, /Exit codes:\n {2}0 /);
  });

  for (const argv of [["--prot", "1"], ["--port", "x"], ["--port", "70000"], ["serve"], ["--config"]]) {
    it(`is refused for "${argv.join(" ")}"`, () => {
      const parsed = parseArguments(argv, {});
      assert.ok(parsed.kind === "wrong" && parsed.message.endsWith("see --help"));
    });
  }
});
