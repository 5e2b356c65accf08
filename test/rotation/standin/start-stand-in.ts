import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../../cluster/control-plane.ts";
import type { Report, Settings, StandInCluster } from "./settings.ts";

export interface StandIn {
  readonly pid: number;
  report(): Promise<Report>;
  set(settings: Partial<Settings>): Promise<void>;
  /** Handshakes are counted from now on. */
  reset(): Promise<void>;
  /** Asks until it is so; what it was last is in the error. */
  until(what: string, isSo: (report: Report) => boolean, timeoutMs?: number): Promise<Report>;
  stop(): Promise<void>;
}

export interface Played {
  readonly cp: ControlPlane;
  /** "here" by default. */
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Plays in these clusters what of Linkerd would run in pods: identity, the injector, and every proxy. See README.md.
 * Several clusters are one mesh: their proxies meet.
 */
export async function startStandIn(
  clusters: readonly [Played, ...Played[]],
  settings: Partial<Settings> = {},
): Promise<StandIn> {
  const log = join(clusters[0].cp.dir, "stand-in.log");
  const fd = openSync(log, "a");
  const told = clusters.map(({ cp, name = "here", namespace = "linkerd" }): StandInCluster => {
    return { name, namespace, server: cp.server, caFile: cp.caFile, token: cp.token };
  });
  const argument = JSON.stringify({ clusters: told, settings });
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), argument], {
    stdio: ["pipe", "pipe", fd],
  });
  closeSync(fd);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("the stand-in has no pipes");
  const exited = once(child, "exit");
  const first = once(createInterface({ input: stdout }), "line") as Promise<[string]>;
  const begun = await Promise.race([first, exited.then(() => undefined)]);
  if (begun === undefined) throw new Error(`the stand-in did not start:\n${readFileSync(log, "utf8")}`);
  const { port } = JSON.parse(begun[0]) as { port: number }; // its first line
  child.unref();
  // Nothing of ours keeps the caller's process alive once its own work is done.
  for (const stream of [stdin, stdout]) if ("unref" in stream) (stream.unref as () => void)();

  const ask = async (path: string, body?: unknown): Promise<Report> => {
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: text });
    return (await answer.json()) as Report; // the shape that main.ts gives
  };
  return {
    pid: child.pid ?? 0,
    report: () => ask("/"),
    set: async (changed) => void (await ask("/set", changed)),
    reset: async () => void (await ask("/reset")),
    async until(what, isSo, timeoutMs = 60_000) {
      for (let waited = 0; ; waited += 100) {
        const report = await ask("/");
        if (isSo(report)) return report;
        if (waited > timeoutMs)
          throw new Error(
            `${what}: not within ${timeoutMs / 1000} s\n${JSON.stringify(report, undefined, 1)}`,
          );
        await sleep(100);
      }
    },
    async stop() {
      child.ref();
      stdin.end();
      await exited;
    },
  };
}
