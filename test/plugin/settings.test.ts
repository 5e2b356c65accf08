// What a person and a repository settle once: which counts, what is wrong with it, and what is suppressed.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { describe, test } from "node:test";
import { after, anchor, bundle, day, issuer, type Minted, year } from "../certificates/index.ts";
import { trustRootsOf } from "../scenarios/manifests.ts";
import { installed, readOnly } from "./read-only.ts";
import { first, old, yaml } from "./validate/validated.ts";
import { type TestWorldOptions, testWorld } from "./world.ts";

const root = anchor("root");
const mesh = (signed: Minted) =>
  readOnly(installed({ bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } }));
/** Its issuer expires in three days: one warning. */
const soon = mesh(issuer(root, { notBefore: after(-year), notAfter: after(3 * day) }));

const repo = ".linkerd-certs.yaml";
const own = ".config/kubectl-linkerd-certs/config.yaml";

function check(files: Record<string, string>, words: readonly string[] = [], options: TestWorldOptions = {}) {
  const world = testWorld({ cluster: soon, files, ...options });
  const home = { ...world, env: { HOME: world.cwd, ...options.env } };
  return { world: home, run: () => runIn(home, ["check", ...words]) };
}

async function runIn(world: ReturnType<typeof testWorld>, words: readonly string[]) {
  const { run } = await import("../../plugin/run.ts");
  const before = world.output();
  const code = await run(words, world);
  const { stdout, stderr } = world.output();
  return { code, stdout: stdout.slice(before.stdout.length), stderr: stderr.slice(before.stderr.length) };
}

describe("what is settled", () => {
  test("is the nearest: the words, then the environment, the repository, the person", async () => {
    const files = { [repo]: "fail-on: warning\n", [own]: "fail-on: never\noutput: json\n" };
    const codes = async (words: readonly string[], env = {}) =>
      (await check(files, words, { env }).run()).code;
    assert.equal(await codes([]), 2, "the repository's");
    assert.equal(await codes([], { LINKERD_CERTS_FAIL_ON: "error" }), 0, "the environment's");
    assert.equal(await codes(["--fail-on", "warning"], { LINKERD_CERTS_FAIL_ON: "never" }), 2, "the words'");
    const { stdout } = await check({ [own]: "fail-on: never\noutput: json\n" }).run();
    assert.equal(JSON.parse(stdout).kind, "Check", "the person's");
  });

  test("is found in $XDG_CONFIG_HOME, and in the repository's root from a folder below", async () => {
    const files = {
      "xdg/kubectl-linkerd-certs/config.yaml": "output: tree\nfail-on: warning\n",
      [own]: "fail-on: never\n",
    };
    const world = testWorld({ cluster: soon, files });
    const env = { HOME: world.cwd, XDG_CONFIG_HOME: world.path("xdg") };
    assert.equal((await runIn({ ...world, env }, ["check"])).code, 2);

    const below = testWorld({ cluster: soon, files: { [repo]: "fail-on: warning\n", "a/b/x": "" } });
    const deep = { ...below, cwd: below.path("a/b") };
    assert.equal((await runIn(deep, ["check"])).code, 0, "outside a repository, only the folder itself");
    mkdirSync(below.path(".git"));
    assert.equal((await runIn(deep, ["check"])).code, 2);
    mkdirSync(below.path("a/.git"));
    assert.equal((await runIn(deep, ["check"])).code, 0, "another repository's");
  });

  test("is thresholds, namespace, time and context, too", async () => {
    const settings = "min-issuer-ttl: 1h\nmin-anchor-ttl: 1h\nfail-on: warning\n";
    assert.equal((await check({ [repo]: settings }).run()).code, 0);
    const asked: unknown[] = [];
    const { world } = check({
      [repo]: "linkerd-namespace: mesh\nrequest-timeout: 7\ncontext: one\ncontexts: [east, west]\n",
    });
    const watched = {
      ...world,
      connect: async (choice: { context?: string; timeoutMs?: number }) => {
        asked.push([choice.context, choice.timeoutMs]);
        return soon;
      },
    };
    const { stdout } = await runIn(watched, ["check"]);
    assert.deepEqual(asked, [
      ["east", 7000],
      ["west", 7000],
    ]);
    assert.match(stdout, /namespace mesh/);
    await runIn(watched, ["inspect"]);
    assert.deepEqual(asked.at(-1), ["one", 7000]);
    await runIn(watched, ["check", "--context", "north"]);
    assert.deepEqual(asked.at(-1), ["north", 7000]);
  });

  test("of a format that a command does not know is not meant for it", async () => {
    const world = testWorld({
      files: {
        [repo]: "output: junit\nfail-on: never\n",
        "ca.crt": root.pem,
        "it.yaml": yaml(trustRootsOf([first])),
      },
    });
    assert.equal((await world.run("inspect", "ca.crt")).code, 0);
    assert.equal((await world.run("rules")).code, 0);
    const { code, stdout } = await world.run("validate", "-f", "it.yaml");
    assert.equal(code, 0);
    assert.match(stdout, /^<\?xml/);
    assert.equal((await world.run("bundle", "ca.crt")).stdout, root.pem, "-o is a file there");
  });

  test("of colours gives way to NO_COLOR", async () => {
    const files = { [repo]: "color: always\n" };
    assert.ok((await check(files).run()).stdout.includes("\u001b"));
    assert.ok(!(await check(files, [], { env: { NO_COLOR: "1" } }).run()).stdout.includes("\u001b"));
  });

  test("is read by no command that only says something", async () => {
    const world = testWorld({ files: { [repo]: "{" } });
    for (const words of [
      ["version"],
      ["explain", "bundle-present"],
      ["completion", "bash"],
      ["check", "--help"],
    ])
      assert.equal((await world.run(...words)).code, 0, words.join(" "));
  });
});

describe("what is wrong in a file is named with its line", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["fail-on: warning\nouptut: json\n", /:2: ouptut: there is no such setting; did you mean output\?\n/],
    ["output: jsno\n", /:1: output: jsno: must be one of table, /],
    ["\n\nmin-issuer-ttl: soon\n", /:3: min-issuer-ttl: soon: must be like 60d or 20%\n/],
    ["rules:\n  issuer-is-caa: warn\n", /:2: issuer-is-caa: no such rule; did you mean issuer-is-ca\?\n/],
    ["rules:\n  issuer-is-ca: warning\n", /:2: rules\.issuer-is-ca: must be one of deny, warn, off\n/],
    [
      "suppressions:\n- rule: issuer-is-ca\n  until: 2026-12-31\n",
      /:2: suppressions\.0: reason is missing\n/,
    ],
    [
      "suppressions:\n- rule: issuer-is-ca\n  until: 2026-13-31\n  reason: x\n",
      /:3: suppressions\.0\.until: must be a date like 2026-12-31\n/,
    ],
    ["suppressions:\n- rule: issuer-is-ca\n  until: 2026-02-31\n  reason: x\n", /:3: .*must be a date/],
    ["suppressions:\n- rule: issuer-is-ca\n  until: never\n  reason: x\n", /:3: .*must be a date/],
    [
      "suppressions:\n- rule: issuer-is-ca\n  until: 2026-12-31\n  reason: ''\n",
      /:4: suppressions\.0\.reason: must say why\n/,
    ],
    [
      "suppressions:\n- rule: issuer-is-ca\n  until: 2026-12-31\n  reason: x\n  fingerprint: 12345678\n",
      /:5: suppressions\.0\.fingerprint: must be string\n/,
    ],
    ["- a\n", /:1: must be object\n/],
    ["output: [json\n", /:\d: it is no YAML\n/],
    ["a: &a [x]\nb: *a\n", /:1: aliases \(\*name\) are not for settings\n/],
    ["kubeconfig: /etc/passwd\n", /:1: kubeconfig: there is no such setting/],
    ["token: hidden\n", /:1: token: there is no such setting/],
  ];
  for (const [text, said] of cases) {
    test(JSON.stringify(text), async () => {
      const { code, stdout, stderr } = await check({ [repo]: text }).run();
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^linkerd-certs: error: [^\n]+\nlinkerd-certs: hint: [^\n]+\n$/);
      assert.match(stderr, said);
      assert.ok(!stderr.includes("hidden"));
    });
  }

  test("or with its variable", async () => {
    const { code, stderr } = await check({}, [], { env: { LINKERD_CERTS_FAIL_ON: "bogus" } }).run();
    assert.equal(code, 64);
    assert.match(stderr, /error: \$LINKERD_CERTS_FAIL_ON bogus: must be one of error, warning, never\n/);
  });

  test("an empty file settles nothing", async () => {
    for (const text of ["", "# nothing\n", "{}\n"])
      assert.equal((await check({ [repo]: text }).run()).code, 0, text);
  });
});

describe("rules", () => {
  test("are weighed otherwise, or off and said so", async () => {
    assert.equal((await check({ [repo]: "rules: { issuer-not-expiring-soon: deny }\n" }).run()).code, 2);
    const off = await check({ [repo]: "fail-on: warning\nrules:\n  issuer-not-expiring-soon: off\n" }).run();
    assert.equal(off.code, 0);
    assert.match(
      off.stdout,
      /– the issuer does not expire soon\n {4}not asked: it is off in \.linkerd-certs\.yaml:3\n/,
    );
    const world = testWorld({
      files: { [repo]: "rules: { anchor-not-expired: warn }\n", "it.yaml": yaml(trustRootsOf([first, old])) },
    });
    assert.equal((await world.run("validate", "-f", "it.yaml")).code, 0);
  });
});

describe("a suppressed finding", () => {
  const until = (date: string, more = "") =>
    `fail-on: warning\nsuppressions:\n- rule: issuer-not-expiring-soon\n  until: ${date}\n  reason: INC-7\n${more}`;

  test("does not count, and is shown with its reason in every format", async () => {
    const files = { [repo]: until("2026-06-01") };
    const apart = "suppressed until 2026-06-01: INC-7 (.linkerd-certs.yaml:3)";
    for (const format of ["table", "wide", "json", "yaml", "junit", "sarif"]) {
      const { code, stdout, stderr } = await check(files, ["-o", format]).run();
      assert.equal(code, 0);
      assert.ok(stdout.replace(/\s+/g, " ").includes(apart), format);
      assert.equal(stderr, "linkerd-certs: note: 1 finding is suppressed\n");
    }
    const { code, stderr } = await check(files, ["-o", "github"]).run();
    assert.deepEqual([code, stderr], [0, "linkerd-certs: note: 1 finding is suppressed\n"]);
    const log = JSON.parse((await check(files, ["-o", "sarif"]).run()).stdout);
    const [result] = log.runs[0].results;
    assert.deepEqual(result.suppressions, [{ kind: "external", justification: apart }]);
  });

  test("that is over counts again, and its suppression is a finding itself", async () => {
    const { code, stdout } = await check({ [repo]: until("2026-05-31") }).run();
    assert.equal(code, 2);
    assert.match(stdout, /‼ the issuer does not expire soon\n/);
    assert.match(
      stdout,
      /‼ no suppression of a finding has expired\n {4}the suppression of issuer-not-expiring-soon ended on 2026-05-31: INC-7\n {6}\.linkerd-certs\.yaml:3\n/,
    );
    const well = await check({ [repo]: until("2026-05-31"), ...{} }, ["--min-issuer-ttl", "1h"]).run();
    assert.equal(well.code, 2, "though nothing else is wrong");
  });

  test("is that of the object and the certificate named, and no other", async () => {
    const code = async (more: string) => (await check({ [repo]: until("2026-12-31", more) }).run()).code;
    assert.equal(await code("  object: Secret linkerd/linkerd-identity-issuer\n"), 0);
    assert.equal(await code("  object: Secret mesh/linkerd-identity-issuer\n"), 2);
    assert.equal(await code('  fingerprint: "00000000"\n'), 2);
  });

  test("of a manifest: by its fingerprint, in every format", async () => {
    const suppression = `suppressions:\n- rule: anchor-not-expired\n  fingerprint: "${old.fingerprint}"\n  until: 2026-12-31\n  reason: goes with INC-7\n`;
    const files = { [repo]: suppression, "it.yaml": yaml(trustRootsOf([first, old])) };
    const world = testWorld({ files });
    const apart = "suppressed until 2026-12-31: goes with INC-7 (.linkerd-certs.yaml:2)";
    for (const format of ["table", "json", "yaml", "junit", "sarif"]) {
      const { code, stdout } = await world.run("validate", "-f", "it.yaml", "-o", format);
      assert.equal(code, 0, stdout);
      assert.ok(stdout.replace(/\s+/g, " ").includes(apart), format);
    }
    assert.match((await world.run("validate", "-f", "it.yaml")).stdout, /nothing is wrong; 1 suppressed\n$/);
    assert.match(
      (await world.run("validate", "-f", "it.yaml", "-o", "short")).stderr,
      /note: 1 finding is suppressed\n/,
    );
    const other = testWorld({
      files: { ...files, [repo]: suppression.replace(old.fingerprint, first.fingerprint) },
    });
    assert.equal((await other.run("validate", "-f", "it.yaml")).code, 2);
  });

  test("of a manifest that is over is a warning at its own line", async () => {
    const text = "suppressions:\n- rule: anchor-not-expired\n  until: 2026-05-01\n  reason: INC-7\n";
    const world = testWorld({ files: { [repo]: text, "it.yaml": yaml(trustRootsOf([first])) } });
    const { code, stdout } = await world.run("validate", "-f", "it.yaml", "-o", "short");
    assert.equal(code, 0);
    assert.match(
      stdout,
      /\.linkerd-certs\.yaml:2 the suppression of anchor-not-expired ended on 2026-05-01: INC-7 \[suppression-not-expired\]/,
    );
  });
});
