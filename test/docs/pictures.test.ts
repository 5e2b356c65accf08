// Every picture in docs/ is on some page, is small, and says in words what it shows.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { home, pages, readPage } from "./pages.ts";

const pictures = globSync("docs/**/*.{svg,png}", { cwd: home });
const shown = pages().flatMap((page) => {
  const text = readPage(page);
  const links = [
    ...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g),
    ...text.matchAll(/<img alt="([^"]*)" src="([^"]+)"/g),
  ];
  const dark = [...text.matchAll(/srcset="([^"]+)"/g)].map(([, file = ""]) => ({ file, alt: "by its img" }));
  const named = links.map(([, alt = "", file = ""]) => ({ file, alt }));
  return [...named, ...dark].map(({ file, alt }) => ({ file: join(dirname(page), file), alt }));
});

describe("the pictures", () => {
  for (const picture of pictures) {
    const bytes = readFileSync(join(home, picture));

    test(`${picture} is on a page, with words for whoever does not see it`, () => {
      const places = shown.filter(({ file }) => file === picture);
      assert.ok(places.length > 0, "no page shows it");
      for (const { alt } of places) assert.ok(alt.length > 0, "it has no words");
    });

    test(`${picture} is small: a drawing 15 kB, a photograph 200 kB`, () =>
      assert.ok(bytes.length <= (picture.endsWith(".svg") ? 15_000 : 200_000), `${bytes.length} bytes`));

    if (picture.endsWith(".svg"))
      test(`${picture} runs nothing and loads nothing`, () => {
        const text = bytes.toString();
        assert.doesNotMatch(text, /<script|<foreignObject|\son\w+=|@import|url\(\s*["']?(?!#)/i);
        for (const [, target = ""] of text.matchAll(/\bhref="([^"]*)"/g)) assert.match(target, /^#/);
      });
  }

  test("what a page shows is there", () => {
    const missing = shown.filter(
      ({ file }) => /^docs\/.*\.(svg|png)$/.test(file) && !pictures.includes(file),
    );
    assert.deepEqual(missing, []);
  });
});
