import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";
import { pinned } from "./cores.ts";

/** What the figures were taken on; ask before anything is pinned. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly go: string;
  readonly pinned: boolean;
  /** Before the measurements. A machine that does other work shows it here. */
  readonly load: number;
}

export function describeMachine(go: string): Machine {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? "unknown",
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    platform: `${platform()}/${arch()}`,
    node: process.version,
    go: /go\d\S*/.exec(go)?.[0] ?? go,
    pinned,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export function renderMachine({
  cores,
  model,
  memoryGiB,
  node,
  go,
  pinned,
  load,
  platform: on,
}: Machine): string {
  const server = pinned ? "one core for the server" : "nothing pinned";
  return `${cores} cores ${model}, ${memoryGiB} GiB, ${on}; Node ${node}, ${go}; ${server}; load before: ${load}`;
}
