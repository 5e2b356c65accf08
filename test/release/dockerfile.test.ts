// The image is of the Node that the tests and the plugin have.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeVersion } from "../../release/fetch-node.ts";

const home = join(import.meta.dirname, "..", "..");
const text = readFileSync(join(home, "Dockerfile"), "utf8");

test("the Dockerfile takes the Node that release/node.json pins", () => {
  assert.match(text, new RegExp(`^ARG BUILD_IMAGE=\\S+/node:${nodeVersion}-\\w+-slim$`, "m"));
});

test("the Dockerfile runs nothing but in the stage of this machine, so that no emulator is needed", () => {
  const stages = text.split(/^FROM /m).slice(1);
  const running = stages.filter((stage) => /^RUN /m.test(stage)).map((stage) => stage.split("\n")[0]);
  assert.equal(running.length, 1);
  assert.match(running[0] ?? "", /^--platform=\$\{BUILDPLATFORM\} /);
});

test("what the Dockerfile runs is let into its context, with all that it imports of release/", () => {
  const ignore = readFileSync(join(home, ".dockerignore"), "utf8").split("\n");
  const imported = ["release/image-contents.ts", "plugin/build.ts", "webhook/build.ts"].flatMap((program) => {
    const code = readFileSync(join(home, program), "utf8");
    const files = [...code.matchAll(/ from "(\.[^"]+)"/g)].map(([, file = ""]) => join(program, "..", file));
    const ours = files.filter((file) => file.startsWith("release/"));
    assert.notEqual(ours.length, 0, program);
    return ours;
  });
  for (const file of ["release/image-contents.ts", ...imported]) assert.ok(ignore.includes(`!${file}`), file);
});
