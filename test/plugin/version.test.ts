import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import manifest from "../../package.json" with { type: "json" };
import { testWorld } from "./world.ts";

test("version says which it is, in every format, and asks nobody", async () => {
  const world = testWorld(); // has no cluster
  const said = { version: manifest.version, node: process.version };
  const { code, stdout, stderr } = await world.run("version");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^version: +\d+\.\d+\.\d+\nnode: +v\d+.*\nplatform: +\S+\/\S+\n$/);
  assert.equal((await world.run("version", "--client", "-o", "short")).stdout, `${manifest.version}\n`);
  const json = JSON.parse((await world.run("version", "-o", "json")).stdout);
  assert.deepEqual({ version: json.version, node: json.node }, said);
  assert.deepEqual(parse((await world.run("version", "-o", "yaml")).stdout), json);
});

test("version takes no other words", async () => {
  assert.equal((await testWorld().run("version", "-o", "wide")).code, 64);
  assert.equal((await testWorld().run("version", "check")).code, 64);
});
