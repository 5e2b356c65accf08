import { type Figure, median } from "./figures.ts";
import { type Guard, startGuard } from "./guard.ts";
import { type LoadResult, runLoad } from "./load.ts";
import { progress } from "./progress.ts";
import { mintReviews, trustRootsReview } from "./reviews.ts";
import { type Server, type Stage, startPeer } from "./servers.ts";

export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  /** How many reviews that no server has seen each run has. */
  readonly unique: number;
}

/** Requests a second and their times, both servers up, taking turns on the same core. */
export async function measureThroughput(stage: Stage, guard: Guard, effort: Effort): Promise<Figure[]> {
  const servers = [await startPeer(stage), await startGuard(stage, guard)];
  for (const server of servers)
    await runLoad(stage, server, {
      bodies: mintReviews(stage.trust, 1000),
      connections: 16,
      seconds: 5,
      once: true,
    });

  const figures: Figure[] = [];
  for (const [mix, next] of mixes(stage, effort))
    for (const connections of [1, 16]) {
      progress(`${mix}, ${connections}`);
      const runs = await inTurns(servers, effort.rounds, (server, round) =>
        runLoad(stage, server, { connections, seconds: effort.seconds, ...next(round) }),
      );
      figures.push(
        ...compare(`${mix}, ${connections} ${connections === 1 ? "connection" : "connections"}`, runs),
      );
    }
  const runs = await inTurns(servers, effort.rounds, (server) =>
    runLoad(stage, server, {
      bodies: mintReviews(stage.trust, rate * effort.seconds + 16),
      ...{ connections: 16, seconds: effort.seconds, rate },
    }),
  );
  figures.push(...times(`all different, ${rate} a second`, runs));
  for (const server of servers) await server.end();
  return figures;
}

/** Requests a second of the open loop. */
const rate = 200;

type Mix = (round: number) => { readonly bodies: readonly string[]; readonly once?: boolean };

function mixes(stage: Stage, { unique }: Effort): [string, Mix][] {
  const one = [trustRootsReview(stage.trust)];
  const some = mintReviews(stage.trust, 200);
  return [
    ["all the same", () => ({ bodies: one })],
    ["200 in turn", () => ({ bodies: some })],
    // Minted anew for each run, so that neither server has seen a certificate of it.
    ["all different", () => ({ bodies: mintReviews(stage.trust, unique), once: true })],
  ];
}

type Runs = Readonly<Record<Server["name"], readonly LoadResult[]>>;

async function inTurns(
  servers: readonly Server[],
  rounds: number,
  run: (server: Server, round: number) => Promise<LoadResult>,
): Promise<Runs> {
  const runs = { guard: [] as LoadResult[], peer: [] as LoadResult[] };
  for (let round = 0; round < rounds; round++)
    for (const server of round % 2 === 0 ? servers : servers.toReversed())
      runs[server.name].push(await run(server, round));
  return runs;
}

function compare(what: string, runs: Runs): Figure[] {
  const goal = { kind: "ratio at least", limit: 1 } as const;
  return [
    { section: "throughput", what, unit: "req/s", ...both(runs, (run) => run.perSecond), goal },
    {
      ...{ section: "throughput", what: `${what}: processor time each`, unit: "ms" },
      ...both(runs, (run) => run.processorMs),
    },
    ...times(what, runs),
  ];
}

function times(what: string, runs: Runs): Figure[] {
  return (["p50", "p99", "p999"] as const).map((key) => ({
    section: "throughput",
    what: `${what}: ${key}`,
    unit: "ms",
    ...both(runs, (run) => run[key]),
  }));
}

function both(runs: Runs, value: (run: LoadResult) => number): { guard: number; peer: number } {
  return { guard: median(runs.guard.map(value)), peer: median(runs.peer.map(value)) };
}
