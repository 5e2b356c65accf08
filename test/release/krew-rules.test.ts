// krew's rules, on the manifest that a release writes and on ones that krew would refuse.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse, stringify } from "yaml";
import { krewManifest } from "../../release/krew-manifest.ts";
import { entryFor, type Manifest, problemsOf, readManifest } from "../../release/krew-rules.ts";
import { archiveOf, platforms } from "../../release/platforms.ts";

const archives = platforms.map((platform, at) => ({
  ...{ platform, name: archiveOf(platform) },
  sha256: at.toString(16).repeat(64),
}));
const sound = krewManifest("0.1.0", "https://example.test/v0.1.0/", archives);

describe("krew's manifest", () => {
  test("of a release is what krew wants", () => {
    assert.deepEqual(problemsOf("linkerd-certs.yaml", sound), []);
  });

  test("has one entry for each of the five platforms, and none for others", () => {
    const manifest = readManifest(sound);
    for (const { platform, name, sha256 } of archives) {
      const entry = entryFor(manifest, platform);
      assert.equal(entry?.uri, `https://example.test/v0.1.0/${name}`);
      assert.equal(entry?.sha256, sha256);
    }
    assert.equal(entryFor(manifest, { os: "windows", arch: "386" }), undefined);
  });

  // biome-ignore lint/suspicious/noExplicitAny: what is spoiled has no shape any more
  type Loose = any;
  const refused: Readonly<Record<string, readonly [RegExp, (manifest: Loose) => void]>> = {
    "another apiVersion": [/apiVersion must be equal/, (it) => Object.assign(it, { apiVersion: "v1" })],
    "a field that krew does not know": [
      /additional properties/,
      (it) => Object.assign(it.spec, { url: "x" }),
    ],
    "a name that is not the file's": [
      /must be called other.yaml/,
      (it) => Object.assign(it.metadata, { name: "other" }),
    ],
    "a name of a device": [/name must NOT be valid/, (it) => Object.assign(it.metadata, { name: "con" })],
    "a version without v": [/version must match/, (it) => Object.assign(it.spec, { version: "0.1.0" })],
    "a version of two numbers": [/version must match/, (it) => Object.assign(it.spec, { version: "v0.1" })],
    "no short description": [/required property 'shortDescription'/, (it) => delete it.spec.shortDescription],
    "a short description of two lines": [
      /shortDescription must match/,
      (it) => Object.assign(it.spec, { shortDescription: "a\nb" }),
    ],
    "no platforms": [/fewer than 1/, (it) => Object.assign(it.spec, { platforms: [] })],
    "a hash in upper case": [
      /sha256 must match/,
      (it) => Object.assign(it.spec.platforms[0], { sha256: "A".repeat(64) }),
    ],
    "a hash that is too short": [
      /sha256 must match/,
      (it) => Object.assign(it.spec.platforms[0], { sha256: "a".repeat(63) }),
    ],
    "an archive of another kind": [
      /uri must match/,
      (it) => Object.assign(it.spec.platforms[0], { uri: "https://example.test/a.tar.xz" }),
    ],
    "no program": [/required property 'bin'/, (it) => delete it.spec.platforms[0].bin],
    "an empty list of files": [
      /files must NOT have fewer/,
      (it) => Object.assign(it.spec.platforms[0], { files: [] }),
    ],
    "a file without a destination": [
      /required property 'to'/,
      (it) => Object.assign(it.spec.platforms[0], { files: [{ from: "*" }] }),
    ],
    "a destination that is not clean": [
      /\.\/bin is not a clean path/,
      (it) => Object.assign(it.spec.platforms[0], { files: [{ from: "*", to: "./bin" }] }),
    ],
    "a destination outside": [
      /leads outside/,
      (it) => Object.assign(it.spec.platforms[0], { files: [{ from: "*", to: "../bin" }] }),
    ],
    "an empty selector": [
      /selector must NOT have fewer/,
      (it) => Object.assign(it.spec.platforms[0], { selector: {} }),
    ],
    "a selector by another label": [
      /additional properties/,
      (it) => Object.assign(it.spec.platforms[0].selector.matchLabels, { libc: "musl" }),
    ],
    "two entries for one platform": [
      /2 entries match linux\/arm64/,
      (it) => Object.assign(it.spec.platforms[0].selector.matchLabels, { arch: "arm64" }),
    ],
    "an entry for all of Linux beside one for amd64": [
      /2 entries match linux\/amd64/,
      (it) =>
        Object.assign(it.spec.platforms[1], {
          selector: { matchExpressions: [{ key: "os", operator: "In", values: ["linux"] }] },
        }),
    ],
    "a platform that krew does not know": [
      /knows no platform/,
      (it) => Object.assign(it.spec.platforms[0].selector.matchLabels, { os: "plan9" }),
    ],
    "a program for Windows without .exe": [
      /cannot be started on Windows/,
      (it) => Object.assign(it.spec.platforms[4], { bin: "kubectl-linkerd_certs" }),
    ],
  };
  for (const [what, [problem, spoil]] of Object.entries(refused))
    test(`with ${what} is refused`, () => {
      const manifest: Manifest = parse(sound);
      spoil(manifest);
      const problems = problemsOf("linkerd-certs.yaml", stringify(manifest));
      assert.match(problems.join("\n"), problem);
    });

  test("that is no YAML is refused", () => {
    assert.equal(problemsOf("linkerd-certs.yaml", "{").length, 1);
  });
});
