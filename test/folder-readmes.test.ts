// A README that lists the files of its folder leaves none out, and names none that is gone.
import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, test } from "node:test";

const home = join(import.meta.dirname, "..");
const readmes = globSync("{trust,cluster,webhook,plugin,release,test}/**/README.md", { cwd: home }).sort();

describe("a folder's README", () => {
  for (const readme of readmes) {
    const listed = filesIn(readFileSync(join(home, readme), "utf8"));
    if (listed.length === 0) continue;
    const folder = dirname(readme);
    test(`${folder} lists what is there`, () => {
      const there = readdirSync(join(home, folder), { withFileTypes: true })
        .filter(({ name }) => !/\.test\.ts$|\.md$|^\.|^dist$/.test(name))
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .filter((name) => /\.ts$|\/$/.test(name));
      const direct = new Set(listed.map((name) => name.replace(/(?<=\/).+/, "")));
      const files = (names: Iterable<string>) => [...names].filter((name) => name.endsWith(".ts")).sort();
      assert.deepEqual(files(direct), files(there));
      for (const name of listed) assert.ok(exists(folder, name), `${name} is not there`);
      for (const name of there) if (name.endsWith("/")) assert.ok(direct.has(name), `${name} is not listed`);
    });
  }
});

/** What the first columns of tables headed "file" or "folder" name. */
function filesIn(text: string): string[] {
  const tables = text.matchAll(/^\| (?:file|folder) +\|.*\n\|[-| ]+\n((?:\|.*\n?)+)/gm);
  return [...tables].flatMap(([, rows = ""]) =>
    rows
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)),
  );
}

function exists(folder: string, name: string): boolean {
  const path = posix.join(folder, name);
  return readdirSync(join(home, dirname(path.replace(/\/$/, "")))).includes(posix.basename(path));
}
