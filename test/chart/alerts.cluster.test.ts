import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { alerts, chart, read } from "./chart.ts";
import { findProgram, skipWithout } from "./programs.ts";

interface Rule {
  readonly alert: string;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

describe("the alerts, as Prometheus reads them", { skip: skipWithout("helm", "promtool") }, () => {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-alerts-"));
  let promtool: string;
  let helm: string;
  before(async () => {
    [promtool, helm] = await Promise.all([findProgram("promtool"), findProgram("helm")]);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("are valid, with strict lints", () => {
    const { groups } = rendered();
    assert.equal(groups.flatMap(({ rules }) => rules).length, alerts().length);
    const file = written("all.yaml", { groups });
    const { status, stdout, stderr } = run(promtool, "check", "rules", "--lint=all", "--lint-fatal", file);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /SUCCESS: 22 rules found/);
  });

  it("are valid in the plain manifests, and the same", () => {
    const { spec } = parse(read("manifests/monitoring/prometheus-rule.yaml")) as { spec: Groups };
    assert.deepEqual(spec, rendered());
  });

  it("fire when they should, stay silent when they should, and say what is wrong", () => {
    const { groups } = rendered();
    const described = groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({
        ...rule,
        annotations: { description: rule.annotations["description"] },
      })),
    }));
    written("rules.yaml", { groups: described });
    copyFileSync(join(import.meta.dirname, "alerts.yaml"), join(dir, "alerts.yaml"));
    const { status, stdout, stderr } = run(promtool, "test", "rules", join(dir, "alerts.yaml"));
    assert.equal(status, 0, stdout + stderr);
  });

  it("are each tried both ways", () => {
    const { tests } = parse(read("test/chart/alerts.yaml")) as { tests: { alert_rule_test?: Tried[] }[] };
    const tried = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
    for (const { alert } of alerts()) {
      const outcomes = tried
        .filter(({ alertname }) => alertname === alert)
        .map(({ exp_alerts }) => exp_alerts.length);
      assert.ok(outcomes.includes(0) && outcomes.some((count) => count > 0), alert);
    }
  });

  it("take the release's values: namespace, name, limits, labels, runbooks, and what is left out", () => {
    const values = {
      issuerCriticalHours: 6,
      anchorWarningDays: 90,
      alertLabels: { team: "platform", severity: "page" },
      disabled: ["LinkerdProxiesStale"],
      runbookUrl: "https://runbooks.example/",
      additionalRules: [{ alert: "Mine", expr: "vector(1)" }],
    };
    const { groups } = rendered("guard", "trust", values);
    const rules = groups.flatMap((group) => group.rules);
    const text = JSON.stringify(groups);
    assert.doesNotMatch(text, /@\w+@|namespace=\\"linkerd-certs\\"/);
    assert.match(text, /deployment=\\"guard-linkerd-certs\\"/);
    assert.match(text, /< 6 \* 3600/);
    assert.match(text, /< 90 \* 86400/);
    assert.deepEqual(
      rules.map(({ alert }) => alert),
      [
        ...alerts()
          .map(({ alert }) => alert)
          .filter((name) => name !== "LinkerdProxiesStale"),
        "Mine",
      ],
    );
    const [first] = rules as (Rule & { labels: object })[];
    assert.deepEqual(first?.labels, { team: "platform", severity: "page" });
    assert.equal(first?.annotations["runbook_url"], "https://runbooks.example/linkerdissuernottrusted");
    assert.equal(run(promtool, "check", "rules", written("other.yaml", { groups })).status, 0);
  });

  function rendered(release = "linkerd-certs", namespace = "linkerd-certs", values = {}): Groups {
    const given = written("values.json", { monitoring: { prometheusRule: { enabled: true, ...values } } });
    const args = ["-n", namespace, "-f", given, "-s", "templates/prometheus-rule.yaml"];
    const { status, stdout, stderr } = run(helm, "template", release, chart, ...args);
    assert.equal(status, 0, stderr);
    return (parse(stdout) as { spec: Groups }).spec;
  }

  function written(name: string, value: object): string {
    const file = join(dir, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  }
});

interface Tried {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

function run(program: string, ...args: readonly string[]) {
  return spawnSync(program, args, { encoding: "utf8" });
}
