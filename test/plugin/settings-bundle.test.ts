// Settings in the plugin as it is shipped: their readers are a file of their own, which only whoever has settings loads.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundlePlugin } from "../../plugin/build.ts";
import { anchor } from "../certificates/index.ts";

let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "linkerd-certs-settings-"));
  await bundlePlugin(join(folder, "dist"));
  mkdirSync(join(folder, "work"));
  writeFileSync(join(folder, "work", "ca.crt"), anchor("root").pem);
});
after(() => rmSync(folder, { recursive: true, force: true }));

function run(env: Record<string, string>, ...words: string[]) {
  const program = join(folder, "dist", "kubectl-linkerd_certs.cjs");
  return spawnSync(process.execPath, [program, ...words], {
    cwd: join(folder, "work"),
    encoding: "utf8",
    env,
  });
}

test("a repository's file and a variable count, and what is wrong with them is said", () => {
  const file = join(folder, "work", ".linkerd-certs.yaml");
  writeFileSync(file, "output: pem\n");
  assert.match(run({}, "inspect", "ca.crt").stdout, /^-----BEGIN CERTIFICATE-----\n/);
  assert.match(run({ LINKERD_CERTS_OUTPUT: "json" }, "inspect", "ca.crt").stdout, /^\{/);
  writeFileSync(file, "rules:\n  issuer-is-caa: warn\n");
  const { status, stderr } = run({}, "inspect", "ca.crt");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^linkerd-certs: error: \.linkerd-certs\.yaml:2: issuer-is-caa: no such rule; did you mean issuer-is-ca\?\n/,
  );
  unlinkSync(file);
});

test("whoever has none does not load their readers", () => {
  unlinkSync(join(folder, "dist", "kubectl-linkerd_certs-settings.cjs"));
  assert.equal(run({}, "inspect", "ca.crt").status, 0);
  assert.equal(run({}, "version").status, 0);
});
