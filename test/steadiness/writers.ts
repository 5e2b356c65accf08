import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { issuerPath, type Known, trustRootsPath } from "./trust.ts";

/** How the answers compare with what is known. */
export interface Tally {
  readonly calls: number;
  readonly perSecond: number;
  /** Neither let pass nor refused by the rule that should: what was said instead. */
  readonly lost: readonly string[];
  /** Good, and refused by a rule. */
  readonly wronglyRefused: readonly string[];
  /** Bad, and let pass. */
  readonly wronglyPassed: readonly string[];
}

export interface Writers {
  sent(): number;
  /** How many of those have their answer. */
  answered(): number;
  stop(): Promise<Tally>;
}

const mostInFlight = 16;

/** Writes to the real API server, that many a second as server-side dry runs: it asks its webhooks all the same. */
export function startWriters(cp: ControlPlane, writes: readonly Known[], perSecond: number): Writers {
  const lost: string[] = [];
  const wronglyRefused: string[] = [];
  const wronglyPassed: string[] = [];
  const waiting = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;
  let answered = 0;
  let stopping = false;

  const write = async ({ manifest, refusedBy }: Known) => {
    const path = manifest.kind === "Secret" ? issuerPath : trustRootsPath;
    const said = await cp
      .api<{ message?: string }>("PUT", `${path}?dryRun=All`, manifest)
      .then(({ status, body }) => (status === 200 ? "passed" : `${status} ${body.message}`), String);
    answered++;
    const denial = /denied the request: ([\s\S]*)/.exec(said)?.[1];
    const told = `${new Date().toISOString()} ${said.slice(0, 300)}`;
    if (said === "passed") {
      if (refusedBy !== undefined) wronglyPassed.push(`${told}, but ${refusedBy}`);
    } else if (denial === undefined || denial.includes("lost sight")) lost.push(told);
    else if (refusedBy === undefined) wronglyRefused.push(told);
    else if (!denial.includes(refusedBy)) lost.push(`${told}, but ${refusedBy}`);
  };

  const run = async () => {
    while (!stopping) {
      const due = Math.floor(((performance.now() - began) * perSecond) / 1000);
      // Where the API server does not keep up, the rate falls; the writes do not pile up.
      while (sent < due && waiting.size < mostInFlight) {
        const next = writes[sent++ % writes.length];
        if (next === undefined) return;
        const one: Promise<void> = write(next).finally(() => waiting.delete(one));
        waiting.add(one);
      }
      await sleep(5);
    }
    await Promise.all(waiting);
  };
  const running = run();
  return {
    sent: () => sent,
    answered: () => answered,
    async stop() {
      stopping = true;
      await running;
      const seconds = (performance.now() - began) / 1000;
      return { calls: answered, perSecond: answered / seconds, lost, wronglyRefused, wronglyPassed };
    },
  };
}

export const told = ({ calls, perSecond, lost, wronglyRefused, wronglyPassed }: Tally): string =>
  `${calls} calls, ${perSecond.toFixed(0)}/s: ${lost.length} lost, ${wronglyRefused.length} wrongly refused, ` +
  `${wronglyPassed.length} wrongly let pass`;
