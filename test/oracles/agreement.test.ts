import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compareMany, compareParsing, groupOf } from "./compare.ts";
import { missing, startOracles } from "./oracles.ts";
import { writeCase } from "./shrink.ts";

const limits = {
  seed: setting("SEED", 1),
  count: setting("CASES", 20_000),
  seconds: setting("SECONDS", 120),
};
const skip = missing().join("; ") || false;
const oracles = await startOracles();
after(() => oracles.stop());

test("the core reads and verifies as Linkerd's identity and its proxies do", { skip }, async (t) => {
  const { compared, groups, found } = await compareMany(oracles, limits);
  const wrong = Object.groupBy(found, ({ asked }) => groupOf(asked));
  t.diagnostic(`${compared} cases of seed ${limits.seed}, ${found.length} disagreements`);
  for (const [group, asked] of groups)
    t.diagnostic(`${group}: ${asked}, ${wrong[group]?.length ?? 0} disagreements`);
  for (const { asked, differences } of found.slice(0, 5))
    t.diagnostic(`${JSON.stringify(differences)}\n${writeCase(asked)}`);
  const again = `node setup.mjs test/oracles/main.ts --seed ${limits.seed} --only ${found[0]?.asked.id}`;
  assert.equal(found.length, 0, `to look at one: ${again}`);
});

test("the core parses a certificate where Go does, and nowhere else", { skip }, async (t) => {
  const { compared, found } = await compareParsing(oracles, limits);
  t.diagnostic(`${compared} certificates of seed ${limits.seed}, ${found.length} disagreements`);
  assert.deepEqual(found.slice(0, 5), []);
});

function setting(name: string, otherwise: number): number {
  return Number(process.env[`LINKERD_CERTS_${name}`] ?? otherwise);
}
