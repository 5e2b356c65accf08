// The guard beside a peer in Go, on this machine, in this run. See README.md.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepTo } from "./cores.ts";
import type { Figure, Section } from "./figures.ts";
import { findGuard, type Guard } from "./guard.ts";
import { measureJudging } from "./judge.ts";
import { measureLatency } from "./latency.ts";
import { describeMachine, renderMachine } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { measurePlugin } from "./plugin.ts";
import { available } from "./proc.ts";
import { buildPrograms, goVersion, type Programs } from "./programs.ts";
import { renderSum, renderTable } from "./report.ts";
import { measureRotation } from "./rotation.ts";
import { inHouse, onStage } from "./stage.ts";
import { measureStart } from "./start.ts";
import { measureThroughput } from "./throughput.ts";

const options = parseOptions(process.argv.slice(2));
const go = goVersion();
if (options === undefined) process.stdout.write(usage);
else if (go === undefined)
  process.stdout.write("skipped: the benchmark's peer needs Go, get it at go.dev/dl\n");
else await inHouse((folder) => run(options, go, folder));

async function run(asked: Options, version: string, folder: string): Promise<void> {
  // The plugin's peer is kubectl.
  const needed = asked.only.some((section) => section !== "plugin");
  const programs = needed ? await buildPrograms(version) : { peer: "", load: "" };
  const guard = await findGuard(asked.guard, folder);
  const machine = describeMachine(version);
  const figures: Figure[] = [];
  for (const section of asked.only) {
    process.stdout.write(`\n${section}\n`);
    const measured = await measure(section, programs, guard, asked.quick);
    process.stdout.write(`${renderTable(measured)}\n`);
    figures.push(...measured);
  }
  process.stdout.write(`\n${renderSum(figures)}\n${renderMachine(machine)}\n`);
  const results = { at: new Date(), quick: asked.quick, machine, guard, figures };
  writeFileSync(
    join(import.meta.dirname, "bench-results.json"),
    `${JSON.stringify(results, undefined, 2)}\n`,
  );
}

async function measure(
  section: Section,
  programs: Programs,
  guard: Guard,
  quick: boolean,
): Promise<Figure[]> {
  // A mesh of pods has the whole machine to come up on; the servers are pinned all the same.
  if (section === "memory" && !available) return skip("memory is read from /proc, which only Linux has");
  keepTo(section === "memory" ? "all cores" : "other cores");
  if (section === "judge")
    return await inHouse((folder) => measureJudging(programs.peer, folder, quick ? 20 : 60));
  if (section === "plugin") {
    // As its user runs it: wherever there is room.
    keepTo("all cores");
    return await inHouse((folder) =>
      measurePlugin(folder, quick ? { times: 5 } : { times: 9, pods: 10_000 }),
    );
  }
  if (section === "rotation") {
    keepTo("all cores");
    const workloads = quick ? 60 : 1_000;
    return await inHouse((folder) => measureRotation(folder, { workloads, parallel: 10 }));
  }
  return await onStage(programs, { pods: section === "memory" }, (stage) => {
    switch (section) {
      case "throughput":
        return measureThroughput(stage, guard, {
          rounds: quick ? 1 : 5,
          seconds: quick ? 1 : 4,
          unique: quick ? 1000 : 2000,
        });
      case "latency":
        return measureLatency(stage, guard, { rounds: quick ? 2 : 5, writes: 200, rate: quick ? 0 : 60 });
      case "memory":
        return measureMemory(stage, guard, { pods: quick ? 1000 : 10_000, seconds: quick ? 1 : 5 });
      case "start":
        return measureStart(stage, guard, quick ? 3 : 5);
    }
  });
}

function skip(why: string): Figure[] {
  process.stdout.write(`skipped: ${why}\n`);
  return [];
}
