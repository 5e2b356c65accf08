// Whoever has the guard or the plugin before him can tell which commit it is of.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bundlePlugin } from "../../plugin/build.ts";
import { commitOf } from "../../release/commit.ts";
import { bundleGuard } from "../../webhook/build.ts";

const home = join(import.meta.dirname, "..", "..");
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));

describe("what is built where there is no git, but COMMIT is told", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-commit-"));
    process.env["COMMIT"] = "0123456789abcdef0123456789abcdef01234567";
    await Promise.all([bundleGuard(folder), bundlePlugin(folder)]);
  });
  after(() => {
    delete process.env["COMMIT"];
    rmSync(folder, { recursive: true, force: true });
  });

  test("the guard says version and commit", () => {
    assert.equal(said("webhook.cjs", "--version"), `${version} (0123456789ab)\n`);
  });

  test("the plugin says them too", () => {
    const { version: told, commit } = JSON.parse(said("kubectl-linkerd_certs.cjs", "version", "-o", "json"));
    assert.deepEqual([told, commit], [version, "0123456789ab"]);
  });

  function said(program: string, ...words: readonly string[]): string {
    return spawnSync(process.execPath, [join(folder, program), ...words], { encoding: "utf8" }).stdout;
  }
});

test("a commit is told by twelve digits, and whether files were changed since", () => {
  assert.equal(commitOf(home, "0123456789abcdef-dirty"), "0123456789ab-dirty");
  assert.match(commitOf(home), /^([0-9a-f]{12}(-dirty)?)?$/);
  assert.equal(commitOf(tmpdir()), "", "where nobody knows it, nothing");
});
