import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { rules } from "../../trust/rules/index.ts";
import { readConfig } from "../../webhook/config.ts";

const root = join(import.meta.dirname, "..", "..");
const ids = rules.map(({ id }) => id);

it("the configuration in the docs is the defaults, but for the rule it shows", () => {
  const page = readFileSync(join(root, "docs", "configuration.md"), "utf8");
  const shown = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const { rules: example, ...rest } = readConfig(shown, ids);
  const { rules: none, ...defaults } = readConfig("", ids);
  assert.deepEqual(rest, defaults);
  assert.deepEqual([example, none], [{ "issuer-trusted-by-proxies": "warn" }, {}]);
});
