import assert from "node:assert/strict";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeFolder } from "../../../plugin/material/folder.ts";
import { testWorld } from "../world.ts";

describe("a folder that is to be written into", () => {
  test("is made with those above it, and twice is no harm", () => {
    const world = testWorld();
    makeFolder("a/b/c", world, 0o700);
    makeFolder("a/b/c", world, 0o700);
    assert.equal(world.mode("a/b/c"), 0o700);
  });

  test("is not made through a file or a link to nowhere, and one line says so", () => {
    const world = testWorld({ files: { file: "" } });
    symlinkSync("nowhere", join(world.cwd, "link"));
    for (const name of ["file", "link", "file/new", "link/new"])
      assert.throws(() => makeFolder(name, world), {
        message: `cannot write ${name}: something else of that name is there already`,
      });
  });

  test("that nobody can make is told at once", { skip: !existsSync("/proc/self") }, () => {
    assert.throws(() => makeFolder("/proc/new", testWorld()), {
      message: "cannot write /proc/new: there is no such folder",
    });
  });
});
