import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseArgs } from "node:util";
import { commands } from "../../plugin/commands/index.ts";
import { optionsOf } from "../../plugin/common-options.ts";

const pages = ["README.md", "docs/rotation.md"];
const shown = pages.flatMap((page) => {
  const text = readFileSync(join(import.meta.dirname, "..", "..", page), "utf8");
  const lines = text.matchAll(/^kubectl linkerd-certs (.+?)(?: +#.*)?$/gm);
  return [...lines].map(([, words = ""]) => ({ page, words }));
});

describe("the pages show of kubectl linkerd-certs", () => {
  for (const { page, words } of shown) {
    test(`${page}: ${words}: there is such a command, and it takes these flags`, () => {
      const command = commands.find(({ name }) => `${words} `.startsWith(`${name} `));
      assert.ok(command);
      const args = words.slice(command.name.length).split(" ").filter(Boolean);
      const options = { ...optionsOf(command.takes), ...command.options };
      parseArgs({ args, options, strict: true, allowPositionals: true });
    });
  }

  for (const one of pages)
    test(`${one}: at least something`, () => assert.ok(shown.some(({ page }) => page === one)));
});
