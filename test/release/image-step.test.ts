// A release without its image is told of, and is never taken for a whole one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { imageStep } from "../../release/image-step.ts";
import { platforms } from "../../release/platforms.ts";

describe("the image of a release", () => {
  let folder: string;
  let told: string[];
  const [path = ""] = [process.env["PATH"]];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-image-step-"));
    mkdirSync(join(folder, "bin"));
  });
  after(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  test("where nothing can build it: is told of before the work begins, and again at the end with the way out", async () => {
    process.env["PATH"] = join(folder, "bin");
    const { image, missing } = step();
    assert.deepEqual(told, ["there will be no image: neither buildah nor podman is here to build it"]);
    assert.equal(await image(), undefined);
    assert.equal(missing()?.hint, "Install one of them, or say --without image.");
  });

  test("that is not asked for is not missing; nor is one of platforms that have none", async () => {
    for (const wishes of [{ wanted: false }, { platforms: platforms.filter(({ os }) => os !== "linux") }]) {
      const { image, missing } = step(wishes);
      assert.deepEqual([await image(), missing(), told], [undefined, undefined, []]);
    }
  });

  test("that the engine cannot build leaves the rest as it is; what the engine said is told", {
    skip: process.platform === "win32" && "starts a script",
  }, async () => {
    process.env["PATH"] = join(folder, "bin");
    engine("buildah");
    const { image, missing } = step();
    assert.equal(await image(), undefined);
    assert.match(told.at(-1) ?? "", /^there will be no image: buildah: /);
    assert.match(missing()?.hint ?? "", /--base RUNTIME_IMAGE=… .*--debian-bases, or say --without image\.$/);
  });

  /** One that answers --version and nothing else: Node itself. */
  function engine(name: string): void {
    symlinkSync(process.execPath, join(folder, "bin", name));
    assert.equal(spawnSync(name, ["--version"]).status, 0);
  }

  function step(wishes: object = {}) {
    told = [];
    const [native] = platforms;
    assert.ok(native);
    return imageStep({
      ...{ to: folder, work: folder, commit: "0123456789ab", at: new Date(0), version: "0.1.0", native },
      ...{ platforms, wanted: true, words: [], debian: false, authorities: undefined },
      node: async () => ({ program: process.execPath }),
      tell: (what) => void told.push(what),
      ...wishes,
    });
  }
});
