import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { chartFiles } from "../../manifests/generate/generate.ts";
import { documentedValues } from "../../manifests/generate/table.ts";
import { rules } from "../../trust/rules/index.ts";
import { readConfig } from "../../webhook/config.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import { alerts, read } from "./chart.ts";

const values = parse(read("manifests/chart/values.yaml")) as Readonly<Record<string, unknown>>;
const schema = JSON.parse(read("manifests/chart/values.schema.json")) as object;
const documented = documentedValues(read("manifests/chart/values.yaml"));

describe("the chart's files", () => {
  for (const [path, text] of Object.entries(chartFiles())) {
    it(`${path} is as npm run manifests writes it`, () => assert.equal(read(`manifests/${path}`), text));
  }

  it("have the version of package.json", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    const chart = parse(read("manifests/chart/Chart.yaml")) as Record<string, string>;
    assert.deepEqual([chart["version"], chart["appVersion"]], [version, version]);
    assert.match(read("manifests/guard/kustomization.yaml"), new RegExp(`version: "${version}"`));
  });

  it("explain every value, and their schema knows each and no other", () => {
    assert.deepEqual(
      documented.filter(({ doc, section }) => doc === "" || section === ""),
      [],
    );
    const paths = documented.map(({ path }) => path);
    const known = leaves(schema).filter((path) => path !== "global");
    const coarse = (path: string) => paths.find((one) => path === one || path.startsWith(`${one}.`)) ?? path;
    assert.deepEqual([...new Set(known.map(coarse))].sort(), [...paths].sort());
  });

  it("have defaults that their schema lets pass", () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    assert.ok(validate(values), JSON.stringify(validate.errors));
  });

  it("take durations as those read them who are given them: cert-manager, Prometheus' operator", () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const takes = (given: object) => validate(given);
    const lives = (duration: string) => ({ certificate: { certManager: { duration } } });
    const every = (interval: string) => ({ monitoring: { serviceMonitor: { interval } } });
    assert.deepEqual(["2160h", "1h30m", "90d", "1 h"].map(lives).map(takes), [true, true, false, false]);
    assert.deepEqual(["30s", "1m30s", "1d", "30s1m", ""].map(every).map(takes), [
      ...[true, true, true],
      ...[false, false],
    ]);
  });

  it("have defaults that are the guard's own, where both have one", () => {
    const rendered = documented.filter(({ path }) => /^(thresholds|audit|log|server)\./.test(path));
    assert.equal(rendered.length, 7);
    const own: Readonly<Record<string, unknown>> = { ...readConfig("", []) };
    for (const { path, default: is } of rendered) {
      const [section = "", field = ""] = path.split(".");
      assert.equal(is, JSON.stringify((own[section] as Record<string, unknown>)[field]), path);
    }
  });
});

describe("alerts and dashboard", async () => {
  const said = await createMetrics(rules.map(({ id }) => id)).text();
  const metrics = new Set([...said.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name = ""]) => name));
  const ofOthers = new Set([
    "apiserver_admission_webhook_rejection_count",
    "apiserver_admission_webhook_fail_open_count",
    "apiserver_admission_webhook_admission_duration_seconds_bucket",
    "kube_deployment_status_replicas_available",
    "kube_deployment_spec_replicas",
  ]);
  const dashboard = JSON.parse(read("manifests/chart/files/dashboard.json")) as {
    panels: {
      title: string;
      gridPos: { x: number; y: number; w: number; h: number };
      targets?: { expr: string }[];
    }[];
  };
  const asked = [
    ...alerts().map(({ alert, expr }) => ({ what: alert, expr })),
    ...dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ what: title, expr })),
    ),
  ];

  for (const { what, expr } of asked) {
    it(`${what}: asks for what the guard, the API server or kube-state-metrics really says`, () => {
      const named = [...expr.matchAll(/\b([a-z_]+)\{/g)].map(([, name = ""]) => name);
      assert.ok(named.length > 0, expr);
      for (const name of named)
        assert.ok(ofOthers.has(name) || metrics.has(name.replace(/_bucket$/, "")), `${name} is no metric`);
      for (const [, list = ""] of expr.matchAll(/rule[=!]~?"([^"]+)"/g)) {
        const ids = rules.map(({ id }) => id);
        const any = new RegExp(`^(?:${list})$`);
        assert.ok(
          ids.some((id) => any.test(id)),
          `${list} is no rule`,
        );
      }
    });
  }

  it("leave no metric of the guard's own unused", () => {
    const own = [...metrics].filter((name) => name.startsWith("linkerd_certs_"));
    assert.ok(own.length > 15);
    const unused = own.filter((name) => !asked.some(({ expr }) => expr.includes(name)));
    assert.deepEqual(unused, []);
  });

  it("explain each alert in docs/monitoring.md, where its runbook_url leads", () => {
    const sections = [...read("docs/monitoring.md").matchAll(/^### (\S+)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      sections,
      alerts().map(({ alert }) => alert),
    );
  });

  it("draw no panel over another", () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !taken.has(`${x} ${y}`), title);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });
});

/** The paths at which a schema ends, or says no more than that there is a map. */
function leaves(node: object, prefix = ""): string[] {
  const { properties = {} } = node as { properties?: Record<string, object> };
  return Object.entries(properties).flatMap(([name, inner]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return "properties" in inner ? leaves(inner, path) : [path];
  });
}
