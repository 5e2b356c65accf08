// What of the guard is released without an image: the chart as Helm packs it, and the plain manifests as one file.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { writeChartPackage } from "../../release/chart-package.ts";
import { guardManifest } from "../../release/guard-manifest.ts";
import { chart, home, objectsIn } from "../chart/chart.ts";
import { findProgram, skipWithout } from "../chart/programs.ts";
import { binariesAvailable, findBinaries } from "../cluster/binaries.ts";
import { contentsOf } from "./contents.ts";

const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const at = new Date("2026-08-26T10:20:30Z");
const name = `linkerd-certs-${version}.tgz`;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "linkerd-certs-chart-package-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function pack(from: string, to: string, time = at): Promise<string> {
  const [out, work] = [join(folder, to), join(folder, "work")];
  for (const one of [out, work]) mkdirSync(one, { recursive: true });
  return join(out, await writeChartPackage(version, { folder: from, to: out, at: time, work }));
}

/** A copy of the chart, with what Helm leaves out, of another day. */
function littered(): string {
  const copy = join(folder, "littered");
  cpSync(chart, copy, { recursive: true });
  mkdirSync(join(copy, ".git", "objects"), { recursive: true });
  for (const file of [".git/config", ".DS_Store", "templates/.DS_Store", "old.tgz", "values.yaml~", "a.orig"])
    writeFileSync(join(copy, file), "left behind");
  utimesSync(join(copy, "values.yaml"), 1, 1);
  return copy;
}

describe("the chart's package", () => {
  test("is named for chart and version, which are those of package.json", async () => {
    assert.equal(await pack(chart, "a"), join(folder, "a", name));
    await assert.rejects(
      writeChartPackage("9.9.9", { folder: chart, to: folder, at, work: folder }),
      /Chart.yaml: version is not 9.9.9/,
    );
  });

  test("is the same from every clone, whatever lies about in it", async () => {
    assert.ok(readFileSync(await pack(littered(), "b")).equals(readFileSync(await pack(chart, "a"))));
  });

  test("is not packed by a .helmignore that is not understood here", async () => {
    const copy = join(folder, "other");
    cpSync(chart, copy, { recursive: true });
    for (const pattern of ["!kept", "files/alerts.yaml"]) {
      writeFileSync(join(copy, ".helmignore"), `${pattern}\n`);
      await assert.rejects(pack(copy, "c"), /is not understood here/);
    }
  });

  for (const generation of ["helm", "helm3"] as const)
    describe(generation, { skip: skipWithout(generation) }, () => {
      const helm = async (...words: readonly string[]) => {
        const { status, stdout, stderr } = spawnSync(await findProgram(generation), words, {
          encoding: "utf8",
        });
        assert.equal(status, 0, stderr);
        return stdout;
      };

      test("would pack the same files", async () => {
        const theirs = join(folder, generation);
        await helm("package", littered(), "--destination", theirs);
        const [ours, others] = [
          await contentsOf(await pack(chart, "a")),
          await contentsOf(join(theirs, name)),
        ];
        assert.deepEqual([...ours.keys()].sort(), [...others.keys()].sort());
        // It writes Chart.yaml anew.
        for (const [file, bytes] of ours) {
          const [text, other] = [bytes.toString(), others.get(file)?.toString() ?? ""];
          if (file.endsWith("/Chart.yaml")) assert.deepEqual(parse(text), parse(other));
          else assert.equal(text, other, file);
        }
      });

      test("shows it, finds nothing wrong with it, and renders what the chart renders", async () => {
        const file = await pack(chart, "a");
        const { version: said, appVersion } = parse(await helm("show", "chart", file));
        assert.deepEqual([said, appVersion], [version, version]);
        assert.match(await helm("lint", "--strict", file), /0 chart\(s\) failed/);
        const words = ["template", "linkerd-certs", "--namespace", "linkerd-certs"];
        const rendered = await helm(...words, file);
        assert.equal(rendered, await helm(...words, chart));
        assert.ok(rendered.includes(`image: ghcr.io/linkerd-certs/linkerd-certs:v${version}\n`));
      });
    });
});

describe("the plain manifests as one file", () => {
  const text = guardManifest(join(home, "manifests", "guard"), version);

  test("are of this version: labels, image", () => {
    for (const { metadata } of objectsIn(text))
      assert.equal(metadata.labels?.["app.kubernetes.io/version"], version, metadata.name);
    assert.ok(text.includes(`image: ghcr.io/linkerd-certs/linkerd-certs:v${version}\n`));
    assert.match(text, /^# The guard of linkerd-certs \d/);
  });

  const skip = binariesAvailable() === "missing-go" && "needs Go to build kubectl";
  test("are the objects that kubectl apply -k manifests makes, by the same names", { skip }, async () => {
    const { kubectl } = await findBinaries();
    const { stdout } = spawnSync(kubectl, ["kustomize", join(home, "manifests")], { encoding: "utf8" });
    assert.deepEqual(byName(text), byName(stdout));
  });

  const byName = (all: string) =>
    Object.fromEntries(objectsIn(all).map((one) => [`${one.kind} ${one.metadata.name}`, one]));
});
