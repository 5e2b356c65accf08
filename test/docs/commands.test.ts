// No page tells anybody to run what cannot be run: every command of every page is handed to a real shell, which finds
// stubs, and what they were called with to the real parsers. Whether it does what the page says is asked elsewhere:
// README.md beside this names who.
import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { asked } from "./asked.ts";
import { blocksOf, home, pages, readPage, scriptOf } from "./pages.ts";
import { programs, wrongWith } from "./wrong-with.ts";

for (const page of pages()) {
  const blocks = blocksOf(page).filter((block) => scriptOf(block) !== "");
  const spans = [...readPage(page).matchAll(/(?<!`)`((?:kubectl )?linkerd-certs [a-z][^`\n]*)`(?!`)/g)];
  if (blocks.length + spans.length === 0) continue;
  describe(page, () => {
    for (const block of blocks) {
      const [title = ""] = scriptOf(block).split("\n");
      test(`line ${block.line}: ${title}`, () => {
        const { calls, complaint } = asked(scriptOf(block), programs);
        assert.doesNotMatch(complaint, /not found|yntax error|unterminated/i);
        assert.ok(calls.length > 0, complaint);
        for (const call of calls) assert.equal(wrongWith(call), undefined, call.join(" "));
      });
    }
    for (const [, words = ""] of spans) {
      test(`in a sentence: ${words}`, () => {
        const { calls } = asked(words.replace(/ ?…/g, ""), programs);
        for (const call of calls) assert.equal(wrongWith(call), undefined);
      });
    }
  });
}

describe("what the programs themselves tell people to run", () => {
  const sources = globSync("{plugin,trust,cluster,webhook,manifests/chart}/**/*.{ts,txt,yaml}", {
    cwd: home,
  });
  for (const source of sources.sort()) {
    const found = [...readPage(source).matchAll(/kubectl linkerd-certs [a-z][^"`\n]*/g)].map(
      ([words]) => words,
    );
    if (found.length === 0) continue;
    test(source, () => {
      for (const words of found) {
        // Left out: what is filled in later, the signs of a usage line, and a comment after it.
        const line = words
          .replaceAll(/\$\{[^}]*\}/g, "X")
          .replaceAll(/[[\]()'<>;]/g, "")
          .replaceAll("|", ",");
        const { calls } = asked(line.replace(/ {2,}.*$/, ""), programs);
        for (const call of calls) assert.equal(wrongWith(call), undefined, words);
      }
    });
  }
});

describe("README.md beside this", () => {
  const says = readPage("test/docs/README.md");
  const [table = ""] = /^\| page[\s\S]*?\n\n/m.exec(says) ?? [];
  const shows = pages().filter((page) => blocksOf(page).some((block) => scriptOf(block) !== ""));
  for (const page of shows.filter((one) => one !== "test/docs/README.md"))
    test(`says who types ${page}`, () => assert.ok(table.includes(`\`${page}\``)));
  test("names tests that there are", () => {
    for (const [, file = ""] of table.matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g))
      assert.ok(existsSync(join(home, file)), file);
  });
});

describe("what cannot be run is found", () => {
  const known: Readonly<Record<string, string>> = {
    "kubectl linkerd-certs chekc": "there is no command chekc",
    "kubectl linkerd-certs check --al": "there is no flag --al; did you mean --as?",
    "FOO=1 kubectl linkerd-certs rotate anchor --creat x | less":
      "there is no flag --creat; did you mean --create?",
    "kubectl -n linkerd linkerd-certs check": "kubectl takes no flag before a plugin's name",
    "npm run manifest": "there is no script manifest",
    "npm test -- no-such-word": "no test has no-such-word in its path",
    "helm install x manifests/chart --set certificate.mood=files":
      "the chart takes no value certificate.mood",
    "kubectl apply -k manifests/guards": "there is no manifests/guards",
  };
  for (const [line, problem] of Object.entries(known)) {
    test(line, () => {
      const { calls } = asked(line, programs);
      assert.deepEqual(calls.map(wrongWith).filter(Boolean), [problem]);
    });
  }
  test("a program that nobody has", () => {
    assert.match(asked("kubctl get pods", programs).complaint, /kubctl: not found/);
  });
});
