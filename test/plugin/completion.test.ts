import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { testWorld } from "./world.ts";

const home = join(import.meta.dirname, "..", "..");
const kubeconfig =
  "users: [{ name: jane }]\nclusters: [{ name: kind }]\ncontexts:\n- name: kind-dev\n- name: arn:aws:eks:eu-west-1:1:cluster/prod\n";
const world = testWorld({ files: { ".kube/config": kubeconfig, other: "contexts: [{ name: spare }]" } });

async function completed(...words: string[]): Promise<string[]> {
  const { code, stdout } = await testWorld({ env: { HOME: world.cwd } }).run("__complete", "--", ...words);
  assert.equal(code, 0);
  return stdout.trimEnd().split("\n");
}

describe("completion", () => {
  test("of commands, with what they do, without those for programs", async () => {
    assert.deepEqual(await completed("che"), [
      "check\tJudges the trust of a running mesh: every rule, and what no other tool sees",
      ":4",
    ]);
    const all = await completed("");
    assert.ok(!all.some((line) => line.startsWith("_")), String(all));
  });

  test("of a command of two words", async () => {
    const verbs = await completed("create", "");
    assert.deepEqual(
      verbs.map((line) => line.split("\t")[0]),
      ["anchor", "issuer", "leaf", ":4"],
    );
  });

  test("of flags", async () => {
    assert.deepEqual(await completed("check", "--min"), ["--min-anchor-ttl", "--min-issuer-ttl", ":4"]);
    assert.deepEqual(await completed("check", "--a"), ["--as", "--as-group", "--as-uid", ":4"]);
    assert.deepEqual(await completed("inspect", "--n"), ["--namespace", ":4"]);
    for (const flag of [
      "--token",
      "--server",
      "--user",
      "--cluster",
      "--tls-server-name",
      "--certificate-authority",
    ])
      assert.deepEqual(await completed("bundle", flag), [flag, ":4"]);
  });

  test("of the words that a flag takes, as its help says", async () => {
    assert.deepEqual(await completed("check", "--fail-on", ""), ["error", "warning", "never", ":4"]);
    assert.deepEqual(await completed("check", "-o", "js"), ["json", ":4"]);
    assert.deepEqual(await completed("rules", "--output", ""), ["table", "json", "name", ":4"]);
    assert.deepEqual(await completed("rules", "--color", "a"), ["auto", "always", ":4"]);
    assert.deepEqual(await completed("check", "--fail-on=w"), ["--fail-on=warning", ":4"]);
  });

  test("of contexts, from the file that counts", async () => {
    assert.deepEqual(await completed("check", "--context", "k"), ["kind-dev", ":4"]);
    const words = ["check", "--kubeconfig", join(world.cwd, "other"), "--context", ""];
    assert.deepEqual(await completed(...words), ["spare", ":4"]);
    assert.deepEqual(await completed("check", "--kubeconfig", "nowhere", "--context", ""), [":4"]);
  });

  test("of users and clusters, from the same file", async () => {
    assert.deepEqual(await completed("check", "--user", "j"), ["jane", ":4"]);
    assert.deepEqual(await completed("check", "--cluster", ""), ["kind", ":4"]);
    assert.deepEqual(await completed("bundle", "--from-context", "kind"), ["kind-dev", ":4"]);
  });

  test("of rules", async () => {
    assert.deepEqual(await completed("explain", "control-"), [
      "control-plane-fresh\tthe control plane started after the trust bundle last changed",
      ":4",
    ]);
  });

  test("of files, elsewhere", async () => {
    assert.deepEqual(await completed("check", "--kubeconfig", ""), [":0"]);
  });

  test("asked for help, it still completes", async () => {
    assert.deepEqual(await completed("check", "--help", "--min-a"), ["--min-anchor-ttl", ":4"]);
  });

  test("nothing where no cluster answers: a shell can show no error", async () => {
    assert.deepEqual(await completed("check", "-L", ""), [":4"]);
  });

  test("kubectl's file is what completion kubectl writes", async () => {
    const file = join(home, "plugin", "kubectl_complete-linkerd_certs");
    assert.equal(readFileSync(file, "utf8"), (await testWorld().run("completion", "kubectl")).stdout);
    assert.ok(statSync(file).mode & 0o100, "it is executable");
    const { code, stderr } = await testWorld().run("completion", "tcsh");
    assert.equal(code, 64);
    assert.match(stderr, /one of bash, zsh, fish, powershell, kubectl\n/);
  });

  test("bash completes with its script", async (t) => {
    if (spawnSync("bash", ["-c", ""]).status !== 0) return t.skip("needs bash");
    const { stdout } = await testWorld().run("completion", "bash");
    const tell = '#!/bin/sh\nshift 2\nprintf \'east\\tabout\\nwest of "%s"\\n:4\\n\' "$*"\n';
    const folder = testWorld({ files: { "linkerd-certs": tell, script: stdout } });
    chmodSync(folder.path("linkerd-certs"), 0o755);
    const driven = `. ./script; COMP_WORDS=(./linkerd-certs check --context ""); COMP_CWORD=3
      __linkerd_certs_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const bash = spawnSync("bash", ["--norc", "-c", driven], { cwd: folder.cwd, encoding: "utf8" });
    assert.equal(bash.stdout, 'east\nwest\\ of\\ \\"check\\ --context\\ \\"\n', bash.stderr);
  });
});
