// All five platforms, twice. Fetches 260 MB of Node from the npm registry the first time, and takes some minutes:
//   LINKERD_CERTS_RELEASE_ALL=1 npm test -- --unit release/all
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import manifest from "../../package.json" with { type: "json" };
import type { Artefact } from "../../release/artefact.ts";
import { cacheFolder } from "../../release/cache-folder.ts";
import { fetchNode, insist } from "../../release/fetch-node.ts";
import { archiveProblems } from "../../release/krew-archive.ts";
import { entryFor, problemsOf, readManifest } from "../../release/krew-rules.ts";
import { archiveOf, nameOf, nativePlatform, platforms } from "../../release/platforms.ts";
import { type ReleaseOptions, release } from "../../release/release.ts";
import { readSignature } from "./mach-o.ts";

const { version } = manifest;
const native = nativePlatform(process.platform, process.arch);

test("Node from the registry is taken as it was pinned only", () => {
  for (const { node } of platforms)
    assert.throws(() => insist(node, Buffer.from("another")), /is not what release\/node.json expects/);
});

const asked = process.env["LINKERD_CERTS_RELEASE_ALL"] === "1" && native !== undefined;
describe("a release of all platforms", { skip: !asked && "only with LINKERD_CERTS_RELEASE_ALL=1" }, () => {
  let folder: string;
  let artefacts: Artefact[];
  let options: ReleaseOptions;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-release-"));
    if (native === undefined) throw new Error("skipped");
    options = {
      ...{ to: join(folder, "dist"), work: join(folder, "work"), baseUrl: "https://example.test/v0.1.0" },
      ...{ platforms, native, commit: "0123456789ab", at: new Date("2026-08-26T10:20:30Z") },
      node: (platform) => fetchNode(platform, cacheFolder(process.env)),
      tell() {},
    };
    artefacts = await release(options);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name: string) => readFileSync(join(folder, "dist", name));

  test("is what krew takes, for each of them", async () => {
    const text = read("linkerd-certs.yaml").toString();
    assert.deepEqual(problemsOf("linkerd-certs.yaml", text), []);
    for (const platform of platforms) {
      const entry = entryFor(readManifest(text), platform);
      assert.ok(entry);
      assert.deepEqual(await archiveProblems(join(folder, "dist", archiveOf(platform)), entry), []);
    }
  });

  // The machine's number where each kind of program has it.
  const machines: Readonly<Record<string, readonly [magic: string, at: number, machine: number]>> = {
    "linux/amd64": ["\x7fELF", 18, 62],
    "linux/arm64": ["\x7fELF", 18, 183],
    "darwin/amd64": ["\xcf\xfa\xed\xfe", 4, 7],
    "darwin/arm64": ["\xcf\xfa\xed\xfe", 4, 12],
    "windows/amd64": ["MZ", 0, 0],
  };
  for (const platform of platforms)
    test(`${nameOf(platform)}: the program is one of that machine, and signed where it must be`, () => {
      const file = artefacts.find(({ name }) => name === archiveOf(platform))?.program?.file ?? "";
      const program = readFileSync(file);
      const [magic, at, machine] = machines[nameOf(platform)] ?? ["", 0, 0];
      assert.equal(program.subarray(0, magic.length).toString("latin1"), magic);
      if (at > 0) assert.equal(program.readUInt16LE(at), machine);
      if (platform.os === "darwin") assert.deepEqual(readSignature(program).wrongPages, []);
    });

  test("its checksums are those of its files, and its SBOM is CycloneDX's", async () => {
    const sums = read("SHA256SUMS").toString().trimEnd().split("\n");
    const names = [...platforms.map(archiveOf), `linkerd-certs-${version}.tgz`, "linkerd-certs-guard.yaml"];
    const all = [...names, "linkerd-certs.yaml", "linkerd-certs.cdx.json", "THIRD_PARTY_LICENSES"];
    assert.deepEqual(
      sums.map((line) => line.split("  ")[1]),
      all,
    );
    assert.deepEqual(readdirSync(join(folder, "dist")).sort(), [...all, "SHA256SUMS"].sort());
    for (const line of sums) {
      const [sha256, name = ""] = line.split("  ");
      assert.equal(createHash("sha256").update(read(name)).digest("hex"), sha256, name);
    }
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    assert.equal(await validator.validate(read("linkerd-certs.cdx.json").toString()), null);
  });

  test("is the same when it is built again, in another folder", async () => {
    const hashes = (all: readonly Artefact[]) => all.map(({ name, sha256 }) => `${sha256}  ${name}`);
    const elsewhere = { to: join(folder, "again", "dist"), work: join(folder, "again", "work") };
    assert.deepEqual(hashes(await release({ ...options, ...elsewhere })), hashes(artefacts));
  });
});
