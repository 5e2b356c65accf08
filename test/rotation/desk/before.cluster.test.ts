// What a person sees before a rotation begins. Nothing is written by any of it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { skip } from "../../cluster/skip.ts";
import { whileSomebodyElseIsAtIt } from "../somebody-else.ts";
import { atTheDesk } from "./at-the-desk.ts";

describe("a person at the desk, before anything is done", { skip }, () => {
  const here = atTheDesk();

  test("sees that nothing is under way, and who trusts what", async () => {
    const { code, stdout, stderr } = await here.desk.run("rotate", "status");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^test: settled: nothing is under way$/m);
    assert.match(stdout, /at it +nobody/);
    assert.match(stdout, /trusted +"old" \([0-9a-f]{8}\): 2 proxies/);
  });

  test("is told what is missing, and what does not fit", async () => {
    for (const [words, message] of [
      [[], /no rotation is under way: name the new anchor/],
      [["--anchor", "other.crt", "--create", "x"], /--create makes the anchor/],
      [["--issuer", "other.crt"], /--issuer needs --issuer-key/],
      [["--ca-key", "other.key"], /--ca-key needs the anchor/],
      [["--anchor", "other.crt", "--max-parallel", "0"], /must be a number from 1 on/],
      [["--anchor", "other.crt", "--exclude", "shop/web"], /must be like shop\/deploy\/web/],
      [["--anchor", "other.crt", "--pause-after", "midnight"], /must be one of settled, overlapping/],
    ] as const) {
      const { code, stderr } = await here.desk.run("rotate", "anchor", ...words);
      assert.equal(code, 64, stderr);
      assert.match(stderr, message);
    }
    const unfit = await here.desk.run(
      "rotate",
      "anchor",
      "--anchor",
      "other.crt",
      "--ca",
      "other.crt",
      "--ca-key",
      "other.crt",
    );
    assert.equal(unfit.code, 1);
  });

  test("sees the plan before anything is done, and nothing is done without a yes", async () => {
    const plan = await here.desk.run("rotate", "anchor", ...here.create(), "--dry-run", "client");
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(
      plan.stderr,
      /a new anchor "root\.linkerd\.cluster\.local" \([0-9a-f]{8}\) .*, to be written to /,
    );
    assert.match(plan.stderr, /going +"old" \([0-9a-f]{8}\)$/m);
    assert.match(plan.stderr, /restart what trusts only the old: at most 2 workloads and 3 components/);
    assert.doesNotMatch(plan.stderr, /BEGIN/);
    const asked = await here.desk.run("rotate", "anchor", ...here.create(), "--dry-run", "server");
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stderr, /writing the trust bundle: would be done/);
    const refused = await here.desk.run("rotate", "anchor", ...here.create());
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /nothing is written without a yes/);
    const no = await here.world({ tty: true, stdin: "n\n" }).run("rotate", "anchor", ...here.create());
    assert.equal(no.code, 4);
    assert.match(no.stderr, /Go from "old" .* to "root.* in test\? \[y\/N\]/);
    assert.ok(!existsSync(here.desk.path("new")));
    assert.match((await here.desk.run("rotate", "history")).stdout, /no rotation is recorded/);
    assert.match((await here.desk.run("rotate", "status")).stdout, /nothing is under way/);
  });

  test("who comes second has made no files either", async () => {
    await whileSomebodyElseIsAtIt(here.mesh.cp, async () => {
      const { code, stderr } = await here.desk.run("rotate", "anchor", ...here.create(), "--yes");
      assert.equal(code, 4);
      assert.match(stderr, /joe@server is at it in test/);
    });
    assert.ok(!existsSync(here.desk.path("new")));
  });
});
