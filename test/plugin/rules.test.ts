import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { knownRules } from "../../plugin/known-rules.ts";
import { observations } from "../../plugin/survey/observations/index.ts";
import { manifestRules } from "../../plugin/validate/finding.ts";
import { ownerRules } from "../../trust/owners/index.ts";
import { rules } from "../../trust/rules/index.ts";
import { testWorld } from "./world.ts";

const repository = "https://github.com/linkerd-certs/linkerd-certs/blob/main/";
const headings = new Map<string, readonly string[]>();

/** The sections of a file in the repository, as GitHub links to them. */
function sectionsOf(path: string): readonly string[] {
  const known = headings.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const found = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  headings.set(path, found);
  return found;
}

describe("the rules", () => {
  test("are all that the guard, check and validate can report, each name once", () => {
    const ids = knownRules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const sources = [...rules, ...ownerRules, ...observations].map(({ id }) => id);
    const others = [
      "clusters-trust-each-other",
      "clusters-share-anchors",
      "manifest-readable",
      "suppression-not-expired",
    ];
    assert.deepEqual([...ids].sort(), [...sources, ...others, ...Object.keys(manifestRules)].sort());
  });

  for (const { id, docs, summary, breaks, remedy } of knownRules) {
    test(`${id} leads to a section that is there, and says what breaks and one thing to do`, () => {
      assert.ok(docs.startsWith(repository), docs);
      const [path = "", section = ""] = docs.slice(repository.length).split("#");
      assert.equal(section, id);
      assert.ok(sectionsOf(path).includes(id), `${path} has no section ${id}`);
      assert.match(summary, /^(Linkerd|trust-manager|cert-manager|[a-z]|A |The |An )/);
      assert.match(breaks, /^\S.*\.$/);
      assert.match(remedy, /^[A-Z].*\.$/);
    });
  }

  test("are listed as a table, as names and as JSON, in one order", async () => {
    const world = testWorld();
    const ids = knownRules.map(({ id }) => id);
    const names = await world.run("rules", "-o", "name");
    assert.deepEqual(names.stdout.trimEnd().split("\n"), ids);
    const { items, kind, apiVersion } = JSON.parse((await world.run("rules", "-o", "json")).stdout);
    assert.deepEqual([kind, apiVersion], ["RuleList", "linkerd-certs.io/v1"]);
    assert.deepEqual(items, JSON.parse(JSON.stringify(knownRules)));
    assert.deepEqual(Object.keys(items[0]), [
      "id",
      "severity",
      "summary",
      "breaks",
      "remedy",
      "docs",
      "askedBy",
    ]);
    const lines = (await world.run("rules")).stdout.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^RULE +SEVERITY +ASKED BY +WHEN ALL IS WELL$/);
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(" ")[0]),
      ids,
    );
  });

  test("are each explained", async () => {
    for (const { id, docs, breaks, remedy } of knownRules) {
      const { code, stdout } = await testWorld().run("explain", id);
      assert.equal(code, 0);
      for (const part of [id, docs, breaks, remedy]) assert.ok(stdout.includes(part), part);
    }
  });

  test("who asks is told: the guard speaks of writes, check of a mesh, validate of manifests", async () => {
    const about = async (id: string) =>
      /asked by +(.*)/.exec((await testWorld().run("explain", id)).stdout)?.[1];
    assert.equal(await about("issuer-chains-to-anchor"), "the guard, check, validate");
    assert.equal(await about("bundle-overlaps-previous"), "the guard, validate");
    assert.equal(await about("issuer-taken-up"), "check");
    assert.equal(await about("bundle-source-overlaps"), "validate");
  });

  test("one that there is not: the likely one is named", async () => {
    const { code, stderr } = await testWorld().run("explain", "webhook-certificate-sound");
    assert.equal(code, 64);
    assert.match(stderr, /did you mean webhook-certificates-sound\?/);
  });
});
