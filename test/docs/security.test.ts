// Whoever has to approve an installation finds what they need; that every link leads somewhere, links.test.ts holds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const home = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(home, file), "utf8");

for (const page of ["README.md", "CONTRIBUTING.md"])
  test(`${page} leads to SECURITY.md and to the threat model`, () => {
    assert.match(read(page), /\]\(SECURITY\.md\)/);
    assert.match(read(page), /\]\(docs\/threat-model\.md\)/);
  });

test("SECURITY.md names one private way to report, and no address that nobody reads", () => {
  assert.match(read("SECURITY.md"), /github\.com\/linkerd-certs\/linkerd-certs\/security\/advisories\/new\)/);
  assert.doesNotMatch(read("SECURITY.md"), /\S@\S+\.\S|mailto:/);
});
