// Screens that need no cluster.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { blocksOf, home, shownIn } from "./pages.ts";

test("docs/configuration.md: what the guard says of a rule that there is not", () => {
  const [shown] = blocksOf("docs/configuration.md").filter(({ kind }) => kind === "console");
  const [{ command, screen } = { command: "", screen: "" }] = shownIn(shown?.text ?? "");
  const [program, ...words] = command.split(" ");
  assert.equal(program, "linkerd-certs-webhook");
  const cwd = mkdtempSync(join(tmpdir(), "linkerd-certs-screens-"));
  try {
    writeFileSync(join(cwd, "config.yaml"), "rules: { issuer-is-caa: deny }\n");
    const main = join(home, "webhook", "main.ts");
    // Without an environment: Node itself has a word to say where NO_COLOR and FORCE_COLOR are both set.
    const how = { cwd, encoding: "utf8", timeout: 60_000, env: {} } as const;
    const ran = spawnSync(process.execPath, [main, ...words], how);
    assert.notEqual(ran.status, 0);
    assert.equal(`${ran.stdout}${ran.stderr}`, screen.replace(/\n+$/, "\n"));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
