// docs/reference/ is made from the code: as the code is now, and with nothing left out.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { shown } from "../../docs/generate/commands.ts";
import { guardFields } from "../../docs/generate/configuration.ts";
import { environmentOfGuard, environmentOfPlugin } from "../../docs/generate/environment.ts";
import { home, referencePages } from "../../docs/generate/generate.ts";
import { type FlagLine, flagLines, readHelp } from "../../docs/generate/help.ts";
import { metricsIn } from "../../docs/generate/metrics.ts";
import { metricsSources } from "../../docs/generate/metrics-sources.ts";
import { always, groupHelp, groups } from "../../plugin/common-options.ts";
import { exitCodes } from "../../plugin/exit-codes.ts";
import { knownRules } from "../../plugin/known-rules.ts";
import { options as guardOptions, usage as guardUsage } from "../../webhook/arguments.ts";
import { readPage } from "./pages.ts";

const reference = (name: string) => readPage(`docs/reference/${name}.md`);

describe("docs/reference", async () => {
  const made = await referencePages();

  for (const [path, text] of Object.entries(made))
    test(`${path} is as npm run reference writes it`, () => assert.equal(readPage(path), text));

  test("holds no page that is not made", () => {
    const there = globSync("docs/reference/*", { cwd: home }).map((path) => path.replaceAll("\\", "/"));
    assert.deepEqual(there.sort(), Object.keys(made).sort());
  });
});

describe("the reference of commands", () => {
  const { output: _, ...common } = groups;
  for (const [name, options] of Object.entries({ ...common, always }))
    test(`describes every flag of the group ${name}, and no other`, () =>
      describesAll(flagLines(groupHelp[name as keyof typeof groupHelp]), options)); // the keys of both are the same

  test("describes every flag of the guard, and no other", () =>
    describesAll(readHelp(guardUsage).flags, guardOptions));

  for (const { name, summary, help, options, takes, tolerates = [] } of shown) {
    test(`has ${name}, and describes every flag of its own, and no other`, () => {
      assert.ok(reference("commands").includes(`\n## ${name}\n\n${summary}`));
      const own = { ...options, ...(takes.includes("output") ? groups.output : {}) };
      describesAll(
        readHelp(help).flags,
        Object.fromEntries(Object.entries(own).filter(([flag]) => !tolerates.includes(flag))),
      );
    });

    test(`has what ${name} is called with, and exit codes that are its own`, () => {
      const read = readHelp(help);
      assert.match(read.usage, new RegExp(`^kubectl linkerd-certs ${name}\\b`));
      const known = Object.values(exitCodes).map(String);
      assert.ok(read.exitCodes.length > 1);
      for (const [code, meaning] of read.exitCodes) assert.ok(known.includes(code) && meaning !== "", code);
    });
  }

  test("names every variable of the environment that the programs read", () => {
    const files = globSync("{plugin,cluster,webhook,trust}/**/*.ts", { cwd: home }).filter(
      (file) => !file.endsWith("/build.ts"),
    );
    const read = files.flatMap((file) => {
      const text = readFileSync(join(home, file), "utf8");
      return [...text.matchAll(/\benv(?:\.|\[")([A-Za-z_]*[A-Z_]{2,})\b/g)].map(([, name = ""]) => name);
    });
    assert.ok(read.length > 15);
    const rows = [...environmentOfPlugin(), ...environmentOfGuard].map(([names]) => names).join();
    // That one the program says to itself.
    const told = (name: string) => name === "LINKERD_CERTS_CALLED_AS" || rows.includes(`\`${name}\``);
    assert.deepEqual(
      read.filter((name) => !told(name)),
      [],
    );
  });
});

test("the reference of rules has every rule that anything can report", () => {
  const listed = [...reference("rules").matchAll(/^\| \[`([a-z-]+)`\]/gm)].map(([, id]) => id);
  assert.deepEqual(listed.sort(), knownRules.map(({ id }) => id).sort());
});

test("the reference of metrics has every metric of the guard, with its labels", async () => {
  const { exposition } = await metricsSources(readPage("manifests/chart/files/alerts.yaml"));
  const metrics = metricsIn(exposition);
  const names = [...exposition.matchAll(/^# TYPE (linkerd_certs_\S+)/gm)].map(([, name]) => name);
  assert.deepEqual(
    metrics.map(({ name }) => name),
    names,
  );
  const page = reference("metrics");
  for (const { name, help, labels } of metrics) {
    assert.ok(page.includes(`\n| \`${name}\` |`) && help !== "", name);
    for (const label of labels.keys()) assert.ok(page.includes(`\n| \`${label}\` |`), label);
  }
});

test("the reference of the configuration says of every field what it is for", () => {
  const fields = guardFields();
  assert.ok(fields.length > 15);
  for (const { path, title = "", description = "" } of fields)
    assert.ok(title !== "" && description !== "", path);
});

type Options = Readonly<
  Record<string, { readonly type?: string; readonly short?: string; readonly default?: unknown }>
>;

/** Every flag has a line of words, with its short name, a value where it takes one, and the default that counts. */
function describesAll(lines: readonly FlagLine[], options: Options): void {
  assert.deepEqual(lines.map(({ name }) => name).sort(), Object.keys(options).sort());
  for (const { name, short, value, words, usual } of lines) {
    const option = options[name];
    assert.notEqual(words, "", `--${name} has no words`);
    assert.equal(short, option?.short, `--${name}`);
    assert.equal(value !== "", option?.type === "string", `--${name} names a value where it takes one`);
    if (option?.default !== undefined) assert.equal(usual, option.default, `the default of --${name}`);
  }
}
