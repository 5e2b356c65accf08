// The plugin as it is shipped: every command runs from the bundle, and the first of its files is all that most load.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bundlePlugin } from "../../plugin/build.ts";
import { commands } from "../../plugin/commands/index.ts";
import { testWorld } from "./world.ts";

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: linkerd-identity-trust-roots, namespace: linkerd }
data: { ca-bundle.crt: "no certificate" }
`;

describe("the bundle", () => {
  let folder: string;
  let program: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-plugin-"));
    await bundlePlugin(join(folder, "dist"));
    program = join(folder, "dist", "kubectl-linkerd_certs.cjs");
    mkdirSync(join(folder, "work"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name } of commands) {
    test(`${name} --help says what the clone says`, async () => {
      const words = [...name.split(" "), "--help"];
      assert.deepEqual(run(...words), await testWorld().run(...words));
    });
  }

  test("the overview, a wrong word, a wrong flag: as in the clone", async () => {
    for (const words of [
      [],
      ["chekc"],
      ["check", "--nothing"],
      ["explain", "nothing"],
      ["version", "-o", "wide"],
    ])
      assert.deepEqual(run(...words), await testWorld().run(...words));
  });

  test("rules, explain and completion answer as in the clone", async () => {
    for (const words of [["rules"], ["explain", "bundle-present"], ["__complete", "--", "explain", "bundle"]])
      assert.deepEqual(run(...words), await testWorld().run(...words));
  });

  test("version knows what it was built from", () => {
    const { version, node } = JSON.parse(run("version", "-o", "json").stdout);
    assert.match(`${version} ${node}`, /^\d+\.\d+\.\d+ v\d+/);
  });

  test("makes, reads and merges certificates, and judges manifests", () => {
    assert.equal(run("create", "anchor").code, 0);
    assert.equal(run("create", "issuer").code, 0);
    const { items, ...tree } = JSON.parse(run("inspect", "ca.crt", "issuer.crt", "-o", "json").stdout);
    assert.ok(items ?? tree);
    assert.match(run("bundle", "ca.crt", "issuer.crt").stderr, /issuer/);
  });

  test("judges manifests as the clone does", async () => {
    const files = { "roots.yaml": manifest };
    writeFileSync(join(folder, "work", "roots.yaml"), manifest);
    for (const output of ["table", "json", "yaml", "sarif"]) {
      const words = ["validate", "-f", "roots.yaml", "-o", output];
      const answer = run(...words);
      assert.equal(answer.code, 2);
      assert.deepEqual(answer, await testWorld({ files }).run(...words));
    }
  });

  test("an error is told by one line and a hint, whichever file it comes from", () => {
    const { code, stderr } = run("inspect", "nothing.crt");
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /\n +at /);
    const away = run("check", "--kubeconfig", "nothing");
    assert.equal(away.code, 1);
    assert.match(away.stderr, /^linkerd-certs: error: [^\n]+\nlinkerd-certs: hint: [^\n]+\n$/);
  });

  test("runs under another name, as linkerd's extension", { skip: process.platform === "win32" }, () => {
    const link = join(folder, "linkerd-certs");
    symlinkSync(program, link);
    assert.match(spawnSync(process.execPath, [link], { encoding: "utf8" }).stdout, /^Usage: linkerd-certs /m);
    assert.equal(statSync(program).mode & 0o111, 0o111, "and is a program");
  });

  function run(...words: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: join(folder, "work"),
      encoding: "utf8",
      env: {},
    });
    return { code: status, stdout, stderr };
  }
});
