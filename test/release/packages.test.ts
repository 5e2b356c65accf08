// What is said of what is inside: each package that gave a file, its licence, and an SBOM that CycloneDX takes.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { licenceTexts, packagesOf } from "../../release/packages.ts";
import { writeSbom } from "../../release/sbom.ts";

describe("what is bundled", () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), "linkerd-certs-bundled-"));
    add("node_modules/outer", { license: "MIT" }, { LICENSE: "of outer", NOTICE: "note of outer" });
    add("node_modules/outer/node_modules/@some/inner", { license: "ISC" }, { "licence.md": "of inner" });
    add(
      "node_modules/read-me",
      { license: "MIT" },
      { "README.md": "# read-me\n\n## License\n\nas it says\n" },
    );
    add("node_modules/unfit", { license: "GPL-3.0-only" }, {});
    add("node_modules/silent", {}, {});
    writeFileSync(join(home, "LICENSE"), "of Node");
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const inputs = [
    "plugin/main.ts",
    "node_modules/outer/node_modules/@some/inner/lib/a.js",
    "node_modules/outer/a.js",
    "node_modules/outer/b.js",
    "part:yaml",
  ];

  test("is each package that gave a file, once, the innermost", () => {
    const names = packagesOf(inputs, home).map(({ name, version, licence }) => [name, version, licence]);
    assert.deepEqual(names, [
      ["@some/inner", "1.0.0", "ISC"],
      ["outer", "1.0.0", "MIT"],
    ]);
  });

  test("has its licences told, notices too, and Node's", () => {
    const texts = licenceTexts(packagesOf([...inputs, "node_modules/read-me/a.js"], home), {
      version: "26.0.0",
      licence: join(home, "LICENSE"),
    });
    for (const text of ["of outer", "note of outer", "of inner", "as it says", "Node.js 26.0.0", "of Node"])
      assert.ok(texts.includes(text), text);
  });

  test("may not be under another licence, nor under none", () => {
    assert.throws(() => packagesOf(["node_modules/unfit/a.js"], home), /unfit 1.0.0 is under GPL-3.0-only/);
    assert.throws(() => packagesOf(["node_modules/silent/a.js"], home), /under no licence/);
  });

  test("is an SBOM that CycloneDX's own schema takes, the same each time", async () => {
    const product = {
      ...{ version: "0.1.0", commit: "0123456789ab", at: new Date("2026-08-26T10:20:30Z"), node: "26.0.0" },
      packages: packagesOf(inputs, home),
      files: [{ name: "a.tar.gz", sha256: "a".repeat(64) }],
    };
    const sbom = writeSbom(product);
    assert.equal(writeSbom(product), sbom);
    const elsewhere = product.files.map((file) => ({ ...file, program: { file: "/tmp/another/folder" } }));
    assert.equal(writeSbom({ ...product, files: elsewhere }), sbom, "wherever it is built");
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    assert.equal(await validator.validate(sbom), null);
    assert.notEqual(await validator.validate(sbom.replace('"MIT"', '"mitt"')), null, "it looks at licences");
    const { components } = JSON.parse(sbom);
    assert.deepEqual(
      components.map(({ purl }: { purl: string }) => purl),
      ["pkg:npm/%40some/inner@1.0.0", "pkg:generic/node@26.0.0", "pkg:npm/outer@1.0.0"],
    );
  });

  test("is said of each file: the image has what the plugin has, more packages, and its bases", () => {
    const packages = packagesOf([...inputs, "node_modules/read-me/a.js"], home);
    const [inner, outer] = packages;
    assert.ok(inner && outer);
    const digest = `sha256:${"b".repeat(64)}`;
    const sha256 = "a".repeat(64);
    const sbom = writeSbom({
      ...{ version: "0.1.0", commit: "0123456789ab", at: new Date("2026-08-26T10:20:30Z"), node: "26.0.0" },
      packages,
      files: [
        { name: "a.tar.gz", sha256, packages: [inner, outer] },
        { name: "chart.tgz", sha256 },
        { name: "image.tar", sha256, packages, bases: [{ name: "registry.test/base:1", digest }] },
      ],
    });
    const { dependencies, components } = JSON.parse(sbom);
    const held = (name: string) =>
      dependencies.find(({ ref }: { ref: string }) => ref === `file:${name}`).dependsOn ?? [];
    const plugin = ["@some/inner@1.0.0", "node@26.0.0", "outer@1.0.0"];
    assert.deepEqual(held("a.tar.gz"), plugin);
    assert.deepEqual(held("chart.tgz"), []);
    const base = `image:registry.test/base:1@${digest}`;
    assert.deepEqual(new Set(held("image.tar")), new Set([...plugin, "read-me@1.0.0", base]));
    const found = components.find((one: { "bom-ref": string }) => one["bom-ref"] === base);
    assert.deepEqual([found.type, found.hashes[0].content], ["container", "b".repeat(64)]);
  });

  function add(folder: string, manifest: object, files: Readonly<Record<string, string>>): void {
    mkdirSync(join(home, folder), { recursive: true });
    const name = folder.replace(/^.*node_modules\//, "");
    files = { ...files, "package.json": JSON.stringify({ name, version: "1.0.0", ...manifest }) };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(home, folder, file), text);
  }
});
