// A rule is a file, an entry in the catalogue, a test and a section in the README, all of one name.
import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Facts } from "../../trust/facts.ts";
import type { FactName } from "../../trust/rule.ts";
import { rules } from "../../trust/rules/index.ts";
import { change } from "./facts.ts";
import { exampleOf, sections } from "./rules/readme.ts";

const ids = rules.map((rule) => rule.id);
const filesIn = (folder: string, ending: string) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();

test("every rule's file is in the catalogue", () => {
  const files = filesIn("../../trust/rules/", ".ts").filter((name) => name !== "index");
  assert.deepEqual(files, [...ids].sort());
});

test("every rule has a test", () => {
  assert.deepEqual(filesIn("rules/", ".test.ts"), [...ids].sort());
});

test("the README has a section for every rule, in the catalogue's order", () => {
  assert.deepEqual(
    sections.map((section) => section.id),
    ids,
  );
});

test("the core's README has a line for every file", () => {
  const home = new URL("../../trust/", import.meta.url);
  const text = readFileSync(new URL("README.md", home), "utf8");
  const files = globSync(["*.ts", "gather/*.ts"], { cwd: home.pathname }).sort();
  const lines = [...text.matchAll(/^\| `([^`]+\.ts)` \|/gm)].map((line) => line[1]);
  assert.deepEqual(lines.sort(), files);
});

const known: readonly FactName[] = [
  "trustRoots",
  "bundle",
  "issuerSecret",
  "issuer",
  "install",
  "mesh",
  "issuance",
  "previous",
];
const healthy = change({}, {});

/** The facts with nothing but what a rule says that it needs, and a record of what it looked at. */
function only(needs: readonly FactName[]): { facts: Facts; looked: Set<string> } {
  const looked = new Set<string>();
  const left = Object.entries(healthy).filter(
    ([name]) => !known.includes(name as FactName) || needs.includes(name as FactName),
  );
  const facts = new Proxy(Object.fromEntries(left) as unknown as Facts, {
    get: (target, name) => {
      looked.add(String(name));
      return Reflect.get(target, name);
    },
  });
  return { facts, looked };
}

for (const rule of rules) {
  describe(rule.id, () => {
    test("is named subject first, in small letters", () => {
      assert.match(rule.id, /^(trust|bundle|anchor|issuer|control-plane|proxies)(-[a-z]+)+$/);
    });

    test("states the healthy state, what breaks, and one thing to do", () => {
      assert.match(rule.summary, /^(Linkerd|[a-z]).*[^.]$/);
      assert.match(rule.breaks, /^[A-Z`].*\.$/);
      assert.match(rule.remedy, /^[A-Z].*\.$/);
      assert.doesNotMatch(rule.remedy, /\. /);
    });

    test("follows rules that there are", () => {
      for (const id of rule.follows ?? []) assert.ok(ids.includes(id) && id !== rule.id, id);
    });

    test("needs what it looks at, and can do without the rest", () => {
      const { facts, looked } = only(rule.needs);
      rule.check(facts);
      // What a chain says of the issuer is there only where there is a bundle.
      const needless = rule.needs.filter((name) => !looked.has(name) && name !== "bundle");
      assert.deepEqual(needless, []);
    });

    test("has a section that says the same", () => {
      const text = sections.find((section) => section.id === rule.id)?.text ?? "";
      const summary = `${rule.summary.charAt(0).toUpperCase()}${rule.summary.slice(1)}.`;
      const severity = rule.severity === "deny" ? "Denies" : "Warns";
      assert.equal(text.split("\n")[0], summary);
      assert.ok(text.includes(`\n**${severity}.** ${rule.breaks}\n`), rule.breaks);
      assert.ok(text.includes(`\n**To mend it:** ${rule.remedy}\n`), rule.remedy);
      assert.notEqual(exampleOf(rule.id), "");
      assert.match(text, /\n```sh\n[\s\S]+\n```$/);
    });
  });
}
