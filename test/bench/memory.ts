import { setTimeout as sleep } from "node:timers/promises";
import { manyPods } from "../cluster/many-pods.ts";
import type { Figure } from "./figures.ts";
import { type Guard, startGuard } from "./guard.ts";
import { runLoad } from "./load.ts";
import { highest, proportional, resident } from "./proc.ts";
import { progress } from "./progress.ts";
import { mintReviews } from "./reviews.ts";
import { type Server, type Stage, startPeer } from "./servers.ts";

export interface Effort {
  readonly pods: number;
  readonly seconds: number;
}

const ceiling = 96;

/** Resident memory after the start, after load, and with a large mesh in view. Needs a stage with pods. */
export async function measureMemory(stage: Stage, guard: Guard, effort: Effort): Promise<Figure[]> {
  const start = async () => [await startPeer(stage), await startGuard(stage, guard)];
  const end = (servers: readonly Server[]) => Promise.all(servers.map((server) => server.end()));
  const load = async (servers: readonly Server[]) => {
    for (const server of servers) {
      const bodies = mintReviews(stage.trust, 1500 * effort.seconds);
      await runLoad(stage, server, { bodies, connections: 16, seconds: effort.seconds });
    }
  };
  const figures: Figure[] = [];
  const look = async (what: string, servers: readonly Server[]) => {
    progress(what);
    await sleep(2000); // until what follows a start or a burst is done
    figures.push(...compare(what, servers));
  };

  const few = await start();
  await look("after the start", few);
  await load(few);
  await look("after load", few);
  await end(few);

  progress(`${effort.pods} pods are created`);
  await manyPods(stage.cp, effort.pods, { bundle: stage.trust.anchor.pem });
  const many = await start();
  await look(`${effort.pods} meshed pods`, many);
  await load(many);
  await look(`${effort.pods} meshed pods, after load`, many);
  figures.push(peak(`${effort.pods} meshed pods, at most`, many));
  await end(many);
  return figures;
}

function compare(what: string, servers: readonly Server[]): Figure[] {
  const goal = { kind: "ratio at most", limit: 2 } as const;
  return [
    { section: "memory", what: `${what}: resident`, unit: "MiB", ...both(servers, resident), goal },
    { section: "memory", what: `${what}: proportional (PSS)`, unit: "MiB", ...both(servers, proportional) },
  ];
}

function peak(what: string, servers: readonly Server[]): Figure {
  const goal = { kind: "at most", limit: ceiling } as const;
  return { section: "memory", what, unit: "MiB", ...both(servers, highest), goal };
}

function both(servers: readonly Server[], size: (pid: number) => number): { guard: number; peer: number } {
  const of = (name: Server["name"]) => size(servers.find((server) => server.name === name)?.pid ?? 0);
  return { guard: of("guard"), peer: of("peer") };
}
