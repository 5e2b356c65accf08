import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { styleOf } from "../../../plugin/render/colour.ts";
import { github } from "../../../plugin/render/github.ts";
import { junit } from "../../../plugin/render/junit.ts";
import { sarif } from "../../../plugin/render/sarif.ts";
import type { Suite } from "../../../plugin/render/suites.ts";
import { durationMs, spoken } from "../../../plugin/survey/duration.ts";
import { thresholdsOf } from "../../../plugin/survey/thresholds.ts";
import { testWorld } from "../world.ts";

const suites: readonly Suite[] = [
  {
    name: "issuer",
    cases: [
      {
        ...about("issuer-not-expired"),
        result: "error",
        findings: [
          { severity: "error", message: 'issuer "a<b" expired', detail: "100 %", file: "a,b.yaml", line: 7 },
        ],
      },
      {
        ...about("issuer-not-expiring-soon"),
        result: "warning",
        findings: [{ severity: "warning", message: "soon" }],
      },
      { ...about("issuer-is-ca"), result: "success", findings: [] },
      { ...about("issuer-taken-up"), result: "skipped", findings: [], why: "nobody & nothing" },
    ],
  },
];

function about(id: string) {
  return { id, summary: `${id} holds`, remedy: "Mend it.", docs: `https://docs/#${id}` };
}

describe("for machines", () => {
  test("junit", () => {
    assert.equal(
      junit(suites),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="linkerd-certs" tests="4" failures="1" errors="0">
  <testsuite name="issuer" tests="4" failures="1" errors="0" skipped="1">
    <testcase classname="issuer" name="issuer-not-expired: issuer-not-expired holds">
      <failure type="error" message="issuer &quot;a&lt;b&quot; expired">issuer &quot;a&lt;b&quot; expired
100 %
Mend it.
https://docs/#issuer-not-expired</failure>
    </testcase>
    <testcase classname="issuer" name="issuer-not-expiring-soon: issuer-not-expiring-soon holds">
      <system-out>soon
Mend it.
https://docs/#issuer-not-expiring-soon</system-out>
    </testcase>
    <testcase classname="issuer" name="issuer-is-ca: issuer-is-ca holds"/>
    <testcase classname="issuer" name="issuer-taken-up: issuer-taken-up holds">
      <skipped message="nobody &amp; nothing"/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
    assert.match(junit(suites, "warning"), /failures="2".*<failure type="warning" message="soon">/s);
  });

  test("github", () => {
    assert.equal(
      github(suites),
      `::error file=a%2Cb.yaml,line=7,title=issuer-not-expired::issuer "a<b" expired%0A100 %25%0AMend it.%0Ahttps://docs/#issuer-not-expired
::warning title=issuer-not-expiring-soon::soon%0AMend it.%0Ahttps://docs/#issuer-not-expiring-soon
`,
    );
  });

  test("sarif", () => {
    const { version, runs } = JSON.parse(sarif(suites));
    assert.equal(version, "2.1.0");
    const [{ tool, results }] = runs;
    assert.deepEqual(
      tool.driver.rules.map(({ id }: { id: string }) => id),
      ["issuer-not-expired", "issuer-not-expiring-soon", "issuer-is-ca", "issuer-taken-up"],
    );
    assert.deepEqual(results[0].locations[0].physicalLocation, {
      artifactLocation: { uri: "a%2Cb.yaml" },
      region: { startLine: 7 },
    });
    assert.deepEqual([results[1].ruleIndex, results[1].level], [1, "warning"]);
    assert.equal(sarif(suites), sarif(suites));
  });
});

describe("colour", () => {
  const red = (isTTY: boolean, env: Record<string, string>, choice: "auto" | "always" | "never" = "auto") =>
    styleOf({ isTTY, write: () => {} }, env, choice).red("x") !== "x";

  test("on a terminal, and where it is asked for", () => {
    assert.equal(red(true, {}), true);
    assert.equal(red(false, {}), false);
    assert.equal(red(false, {}, "always"), true);
    assert.equal(red(false, { FORCE_COLOR: "1" }), true);
    assert.equal(red(true, { FORCE_COLOR: "0" }), false);
    assert.equal(red(true, { NO_COLOR: "1" }), false);
    assert.equal(red(true, { NO_COLOR: "1" }, "always"), true);
    assert.equal(red(true, { NO_COLOR: "" }), true);
    assert.equal(red(true, { TERM: "dumb" }), false);
    assert.equal(red(true, {}, "never"), false);
  });

  test("symbols are letters where the terminal knows ASCII only", () => {
    const symbols = (env: Record<string, string>) =>
      Object.values(styleOf({ write: () => {} }, env).symbols).join("");
    assert.equal(symbols({}), "√‼×–");
    assert.equal(symbols({ LANG: "de_DE.UTF-8" }), "√‼×–");
    assert.equal(symbols({ LANG: "C" }), "+!x-");
    assert.equal(symbols({ LANG: "de_DE.UTF-8", LC_ALL: "POSIX" }), "+!x-");
  });
});

describe("flags of check", () => {
  test("thresholds are a share or a time", () => {
    assert.deepEqual(thresholdsOf("20%"), { remainingShare: 0.2, ceilingDays: Infinity });
    assert.deepEqual(thresholdsOf("36h"), { remainingShare: Infinity, ceilingDays: 1.5 });
    assert.equal(thresholdsOf("soon"), undefined);
    assert.equal(thresholdsOf("120%"), undefined);
  });

  test("times", () => {
    assert.deepEqual(["10s", "1h30m", "2d", "30", "5m0s", "x", ""].map(durationMs), [
      10_000,
      5_400_000,
      172_800_000,
      30_000,
      300_000,
      undefined,
      undefined,
    ]);
    assert.deepEqual([61_000, -7_200_000, 172_800_000, 9.9 * 31_536_000_000].map(spoken), [
      "1 minute",
      "2 hours",
      "2 days",
      "9 years",
    ]);
  });

  test("what does not fit is said", async () => {
    const complaint = async (...words: string[]) => {
      const { code, stderr } = await testWorld().run("check", ...words);
      assert.equal(code, 64);
      return stderr.split("\n")[0]?.replace("linkerd-certs: error: ", "");
    };
    assert.equal(
      await complaint("-o", "xml"),
      "--output xml: must be one of table, wide, short, json, yaml, junit, sarif, github",
    );
    assert.equal(
      await complaint("--min-issuer-ttl", "soon"),
      "--min-issuer-ttl soon: must be like 60d or 20%",
    );
    assert.equal(await complaint("--wait", "long"), "--wait long: must be a time like 30s or 5m");
    assert.equal(await complaint("pods"), "check takes no pods");
    assert.equal(await complaint("--as-group", "admins"), "--as-group needs --as: a group alone is nobody");
  });
});
