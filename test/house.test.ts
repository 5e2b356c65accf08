// The house keeps its own rules: which room knows which, and what a pure core never touches.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, test } from "node:test";

const home = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(home, file), "utf8");

/** Arrows never turn, and the gate and the desk do not know one another. */
const knows: Readonly<Record<string, readonly string[]>> = {
  trust: ["trust"],
  cluster: ["cluster", "trust"],
  webhook: ["webhook", "cluster", "trust", "package.json"],
  plugin: ["plugin", "cluster", "trust", "package.json"],
};

/** Where a package may be named; the core may name no other. */
const livesIn: Readonly<Record<string, RegExp>> = {
  "node:crypto": /./,
  yaml: /^trust\/gather\/|^(?!trust)/,
  pkijs: /^trust\/x509\/mint/,
  asn1js: /^trust\/x509\/mint/,
  pvutils: /^trust\/x509\//,
  "@kubernetes/client-node": /^cluster\//,
  express: /^webhook\//,
};

/** Clock, chance, output and network are handed in … */
const ambient = /\b(?:process|console)\.\w+|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/g;
/** … by the programs themselves. Two files ask the process where the kubeconfig is, one what Node it is. */
const asked =
  /^\S+\/main\.ts |^\S+\/build\.ts |^cluster\/(connect|access\/token-file)\.ts process\.env$|^webhook\/metrics\.ts process\.version$/;

/** What is judged in one way because it is written once. */
const writtenOnce: Readonly<Record<string, RegExp>> = {
  "trust/harmless.ts": /\\p\{C/,
  "trust/fields.ts": /=== "object" && \w+ !== null && !Array\.isArray/,
};

describe("the house", () => {
  for (const room of Object.keys(knows)) {
    for (const file of globSync(`${room}/**/*.ts`, { cwd: home }).map(normalize)) {
      test(file, () => {
        const text = read(file);
        for (const [, target = ""] of text.matchAll(/(?:\bfrom|\bimport\(|^import) ?"([^"]+)"/gm)) {
          const path = target.startsWith(".") ? join(file, "..", target) : "";
          // What is built says of which commit it is, and of which files.
          if (/^release\/(commit|bundled)\.ts$/.test(path) && /^\w+\/build\.ts$/.test(file)) continue;
          const [other = ""] = path.split("/");
          const place = livesIn[target] ?? (room === "trust" ? /^$/ : /./);
          assert.ok(
            other === "" ? place.test(file) : knows[room]?.includes(other),
            `it may not know ${target}`,
          );
        }
        const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
        const touched = (code.match(ambient) ?? []).filter((what) => !asked.test(`${file} ${what}`));
        assert.deepEqual(touched, []);
        assert.ok(text.split("\n").length <= 201, "it is longer than 200 lines");
      });
    }
  }

  for (const [one, what] of Object.entries(writtenOnce)) {
    test(`what ${one} does is done nowhere else`, () => {
      const files = Object.keys(knows).flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: home }));
      assert.deepEqual(
        files.filter((file) => what.test(read(file))),
        [one],
      );
    });
  }

  test("the linter keeps any and ! out", () => {
    const { suspicious, style } = JSON.parse(read("biome.json")).linter.rules;
    assert.deepEqual([suspicious.noExplicitAny, style.noNonNullAssertion], ["error", "error"]);
  });
});
