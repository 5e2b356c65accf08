// A process that does nothing but watch, so that what that costs can be measured, and what it holds be searched.
//   node --expose-gc watch-mesh.ts <folder with token and ca.crt> [file for a heap snapshot]
import { setTimeout as sleep } from "node:timers/promises";
import { writeHeapSnapshot } from "node:v8";
import { serviceAccountAccess } from "../../cluster/access/service-account.ts";
import { clusterAt } from "../../cluster/connect.ts";
import { watchLive } from "../../webhook/live/live.ts";

export interface Cost {
  readonly importMs: number;
  readonly readyMs: number;
  readonly proxies: number;
  readonly viewMs: number;
  readonly peakMiB: number;
  readonly restMiB: number;
  /** After a garbage collection. */
  readonly heapMiB: number;
}

const [, , folder, snapshot] = process.argv;
const started = performance.now();
const live = watchLive({
  cluster: clusterAt(serviceAccountAccess(process.env, folder)),
  namespace: "linkerd",
  clock: () => new Date(),
  log: { info: () => {}, warn: (_, message) => process.stderr.write(`${message}\n`) },
});

let peak = 0;
while (!live.status().ready) {
  peak = Math.max(peak, process.memoryUsage.rss());
  await sleep(10);
}
const ready = performance.now();
const { mesh } = live.sources();
const viewed = performance.now();
peak = Math.max(peak, process.memoryUsage.rss());
await sleep(500);
globalThis.gc?.();
const cost: Cost = {
  importMs: Math.round(started),
  readyMs: Math.round(ready - started),
  proxies: mesh?.proxies ?? 0,
  viewMs: Math.round(viewed - ready),
  peakMiB: toMiB(peak),
  restMiB: toMiB(process.memoryUsage.rss()),
  heapMiB: toMiB(process.memoryUsage().heapUsed),
};
if (snapshot !== undefined) writeHeapSnapshot(snapshot);
process.stdout.write(`${JSON.stringify(cost)}\n`, () => process.exit());

function toMiB(bytes: number): number {
  return Math.round(bytes / 104_857.6) / 10;
}
