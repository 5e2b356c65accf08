import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMany, groupOf } from "./compare.ts";
import { missing, startOracles } from "./oracles.ts";
import { writeCase } from "./shrink.ts";

const [seed, count, seconds] = [setting("SEED", 1), setting("CASES", 20_000), setting("SECONDS", 120)];

test("the core reads and verifies as Linkerd's identity and its proxies do", {
  skip: missing().join("; ") || false,
}, async (t) => {
  const oracles = await startOracles();
  try {
    const { compared, groups, found } = await compareMany(oracles, seed, count, seconds);
    const wrong = Object.groupBy(found, ({ asked }) => groupOf(asked));
    t.diagnostic(`${compared} cases of seed ${seed}, ${found.length} disagreements`);
    for (const [group, asked] of groups)
      t.diagnostic(`${group}: ${asked}, ${wrong[group]?.length ?? 0} disagreements`);
    for (const { asked, differences } of found.slice(0, 5))
      t.diagnostic(`${JSON.stringify(differences)}\n${writeCase(asked)}`);
    assert.equal(
      found.length,
      0,
      `to look at one: node setup.mjs test/oracles/main.ts --seed ${seed} --only ${found[0]?.asked.id}`,
    );
  } finally {
    await oracles.stop();
  }
});

function setting(name: string, otherwise: number): number {
  return Number(process.env[`LINKERD_CERTS_${name}`] ?? otherwise);
}
