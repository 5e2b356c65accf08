import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { processorMs } from "./proc.ts";
import type { Server, Stage } from "./servers.ts";

/** Times in milliseconds. */
export interface Summary {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly denied: number;
  readonly errors: number;
  readonly firstError?: string;
}

export interface LoadResult extends Summary {
  readonly seconds: number;
  readonly perSecond: number;
  readonly protocol: string;
  /** What one request cost the server. */
  readonly processorMs: number;
}

export interface Load {
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second whatever the answers do; without it, as many as are answered. */
  readonly rate?: number;
  /** End when every body was sent. */
  readonly once?: boolean;
}

/** One call to the API server; those of a group are summarized together. */
export interface Step {
  readonly group: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function runLoad(stage: Stage, server: Server, load: Load): Promise<LoadResult> {
  const file = join(stage.house.dir, "bodies");
  writeFileSync(file, load.bodies.join("\n"));
  const before = processorMs(server.pid);
  const result = await generate<Omit<LoadResult, "processorMs">>(stage, [
    ...["--url", server.url, "--ca", stage.serving.caFile, "--bodies", file],
    ...["--connections", String(load.connections), "--limit", `${load.seconds}s`],
    ...["--rate", String(load.rate ?? 0), ...(load.once ? ["--once"] : [])],
  ]);
  mustBeSound(server.name, result);
  return { ...result, processorMs: (processorMs(server.pid) - before) / result.requests };
}

/** Makes the calls one after the other, at most that many a second. */
export async function runSteps(
  stage: Stage,
  steps: readonly Step[],
  rate: number,
): Promise<Readonly<Record<string, Summary>>> {
  const file = join(stage.house.dir, "plan");
  writeFileSync(file, steps.map((step) => JSON.stringify(step)).join("\n"));
  const groups = await generate<Record<string, Summary>>(stage, [
    ...["--url", stage.cp.server, "--ca", stage.cp.caFile, "--plan", file],
    ...["--rate", String(rate), "--limit", "120s"],
  ]);
  for (const [name, summary] of Object.entries(groups)) mustBeSound(name, summary);
  return groups;
}

function generate<T>({ programs }: Stage, args: readonly string[]): Promise<T> {
  // The generator ends when its standard input does: it never outlives this process.
  const child = spawn(programs.load, args, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      code === 0 ? done(JSON.parse(output) as T) : failed(new Error(`the load generator ended: ${code}`)),
    );
  });
}

// Every write is a sound one: a refusal means that something else was measured.
function mustBeSound(name: string, { requests, errors, denied, firstError }: Summary): void {
  if (errors > 0) throw new Error(`${name}: ${errors} requests failed, the first with ${firstError}`);
  if (denied > 0) throw new Error(`${name}: refused ${denied} of ${requests} sound writes`);
}
