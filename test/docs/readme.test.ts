// README.md shows nothing of its own: each screen came in the first ten minutes, and each command is run by one of the
// pages that a test types, or by npm.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asShown } from "./masks.ts";
import { blocksOf, readPage, shownIn } from "./pages.ts";
import { screensOf } from "./transcript.ts";

const came = screensOf(readPage("docs/first-ten-minutes-transcript.txt"));
const typed = ["docs/first-ten-minutes.md", "docs/install.md"].map(readPage).join("\n");
const blocks = blocksOf("README.md");

describe("README.md", () => {
  for (const { command, screen } of blocks
    .filter(({ kind }) => kind === "console")
    .flatMap((one) => shownIn(one.text)))
    test(`this came: ${command}`, () => {
      const screens = came.filter((one) => one.command === command).map((one) => one.screen);
      assert.ok(screens.some((one) => asShown(screen, one) !== undefined));
    });

  const lines = blocks.filter(({ kind }) => kind === "sh").flatMap(({ text }) => text.trim().split("\n"));
  for (const line of lines.filter((one) => !/^(npm|npx|ln) /.test(one)))
    test(`this is typed by a test: ${line}`, () => assert.ok(typed.includes(`${line}\n`)));

  test("one page: no more than 150 lines", () => assert.ok(readPage("README.md").split("\n").length <= 151));

  test("the command that tests it all stands in a line of its own", () =>
    assert.match(readPage("README.md"), /^npm test( |$)/m));
});
