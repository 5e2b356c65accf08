// Compares the core with the oracles for as long as one likes:
//   node setup.mjs test/oracles/main.ts [--seed N] [--cases N] [--seconds N] [--kind KIND] [--only ID] [FILE…]
// KIND is one of text, key, certificate, chain, graph, clock, leaf; or der, for
// single certificates. FILE is a case as this prints it.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { disagreements } from "./agreement.ts";
import { type Case, type Kind, makeCase } from "./cases.ts";
import { compareMany, compareParsing, type Found, groupOf } from "./compare.ts";
import { missing, startOracles } from "./oracles.ts";
import { readCase, shrink, writeCase } from "./shrink.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    cases: { type: "string", default: "100000" },
    seconds: { type: "string", default: "600" },
    kind: { type: "string" },
    only: { type: "string" },
    show: { type: "string", default: "20" },
  },
});
const limits = { seed: Number(values.seed), count: Number(values.cases), seconds: Number(values.seconds) };
const kind = values.kind === "der" ? undefined : (values.kind as Kind | undefined); // said in the usage above
for (const line of missing()) console.log(line);
const oracles = await startOracles();

if (positionals.length > 0) for (const file of positionals) await show(readCase(readFileSync(file, "utf8")));
else if (values.only !== undefined) await show(makeCase(limits.seed, Number(values.only), kind));
else if (values.kind === "der") await manyDers();
else await many();
await oracles.stop();

async function many(): Promise<void> {
  const { compared, found } = await compareMany(oracles, limits, kind);
  const kinds = Object.groupBy(found, kindOf);
  for (const [kind, all = []] of Object.entries(kinds)) {
    console.log(`\n${all.length} × ${kind}`);
    const groups = Object.groupBy(all, ({ asked }) => groupOf(asked));
    console.log(
      `  in ${Object.entries(groups)
        .map(([group, some]) => `${group} (${some?.length})`)
        .join(", ")}`,
    );
    for (const { asked, differences } of all.slice(0, Number(values.show)))
      console.log(`  ${asked.id} ${asked.label.slice(0, 200)}\n${told(differences)}`);
  }
  report(compared, found.length);
}

async function manyDers(): Promise<void> {
  const { compared, found } = await compareParsing(oracles, limits);
  for (const { label, der, difference } of found.slice(0, Number(values.show)))
    console.log(`${label}\n${told([difference])}\n      ${der.toString("hex")}`);
  report(compared, found.length);
}

function report(compared: number, different: number): void {
  console.log(`\n${compared} cases of seed ${limits.seed}, ${different} disagreements`);
  process.exitCode = different === 0 ? 0 : 1;
}

async function show(asked: Case): Promise<void> {
  const differ = async (smaller: Case) => disagreements(smaller, (await oracles.judge([smaller]))[0] ?? {});
  const differences = await differ(asked);
  if (differences.length === 0) return console.log(`${asked.id} ${asked.label}: all agree`);
  const kind = kindOf({ asked, differences });
  const smallest = await shrink(
    asked,
    async (smaller) => kindOf({ asked, differences: await differ(smaller) }) === kind,
  );
  console.log(`${asked.id} ${asked.label}\n${told(await differ(smallest))}\n${writeCase(smallest)}`);
}

function kindOf({ differences }: Found): string {
  const [first] = differences;
  const side = (said = "") => said.split(/[:\n]/)[0]?.slice(0, 40);
  return `${first?.about}: the core says ${side(first?.core)}, the oracle ${side(first?.oracle)}`;
}

function told(differences: Found["differences"]): string {
  return differences
    .map(({ about, core, oracle }) => `    ${about}\n      core:   ${core}\n      oracle: ${oracle}`)
    .join("\n");
}
