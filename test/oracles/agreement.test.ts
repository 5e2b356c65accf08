import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disagreements } from "./agreement.ts";
import { makeCase } from "./cases.ts";
import { compareMany, compareParsing, groupOf } from "./compare.ts";
import { type Answer, missing, startOracles } from "./oracles.ts";
import { writeCase } from "./shrink.ts";

const limits = {
  seed: setting("SEED", 1),
  count: setting("CASES", 20_000),
  seconds: setting("SECONDS", 120),
};
const soundCase = 20;
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

test("a difference in any answer is noticed", { skip }, async () => {
  const asked = makeCase(1, soundCase);
  const [{ identity, proxy } = {}] = await oracles.judge([asked]);
  assert.ok(identity?.verify?.ok && proxy?.server?.ok, `${soundCase} is a sound case`);
  const no = { ok: false, error: "no" };
  const lies: Record<string, Answer> = {
    "identity's bundle": { identity: { ...identity, bundle: { ...identity.bundle, certs: [] } } },
    "identity's chain": { identity: { ...identity, chain: { ...no, certs: [] } } },
    "identity's key": { identity: { ...identity, key: { ...no, matches: false } } },
    "the key's match": { identity: { ...identity, key: { ok: true, matches: false } } },
    "identity's verification": { identity: { ...identity, verify: no } },
    "being a CA": { identity: { ...identity, isCA: false } },
    "the proxy's bundle": { identity, proxy: { ...proxy, bundle: { ...proxy.bundle, certs: [] } } },
    "what the proxy skips": { identity, proxy: { ...proxy, bundle: { ...proxy.bundle, skipped: 1 } } },
    "the proxy's verification as server": { identity, proxy: { ...proxy, server: no } },
    "the proxy's verification as client": { identity, proxy: { ...proxy, client: no } },
  };
  assert.deepEqual(disagreements(asked, { identity, proxy }), []);
  for (const [about, lie] of Object.entries(lies))
    assert.ok(
      disagreements(asked, lie).some((each) => each.about === about),
      about,
    );
});

function setting(name: string, otherwise: number): number {
  return Number(process.env[`LINKERD_CERTS_${name}`] ?? otherwise);
}
