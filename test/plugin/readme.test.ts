import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseArgs } from "node:util";
import { commands } from "../../plugin/commands/index.ts";
import { optionsOf } from "../../plugin/common-options.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
const shown = [...readme.matchAll(/^kubectl linkerd-certs (.+?)(?: +#.*)?$/gm)].map(
  ([, words = ""]) => words,
);

describe("the README shows of kubectl linkerd-certs", () => {
  for (const words of shown) {
    test(`${words}: there is such a command, and it takes these flags`, () => {
      const command = commands.find(({ name }) => `${words} `.startsWith(`${name} `));
      assert.ok(command);
      const args = words.slice(command.name.length).split(" ").filter(Boolean);
      const options = { ...optionsOf(command.takes), ...command.options };
      parseArgs({ args, options, strict: true, allowPositionals: true });
    });
  }

  test("at least something", () => assert.ok(shown.length > 0));
});
