import { type Figure, median } from "./figures.ts";
import { type Guard, startGuard } from "./guard.ts";
import { runLoad } from "./load.ts";
import { mintReviews } from "./reviews.ts";
import { type Server, type Stage, startPeer } from "./servers.ts";

/** From the start of the process until it is ready, and the first answer of all: nothing is warm yet. */
export async function measureStart(stage: Stage, guard: Guard, times: number): Promise<Figure[]> {
  const ready = { guard: [] as number[], peer: [] as number[] };
  const first = { guard: [] as number[], peer: [] as number[] };
  const note = async (server: Server) => {
    ready[server.name].push(server.readyMs);
    // The very first carries the handshake and is not counted: this is the second.
    const bodies = mintReviews(stage.trust, 2).toReversed();
    const { max } = await runLoad(stage, server, { bodies, connections: 1, seconds: 5, once: true });
    first[server.name].push(max);
    await server.end();
  };
  for (let time = 0; time < times; time++) {
    await note(await startPeer(stage));
    await note(await startGuard(stage, guard));
  }
  const both = (of: typeof ready) => ({ guard: median(of.guard), peer: median(of.peer) });
  return [
    {
      ...{ section: "start", what: "start to ready", unit: "ms", ...both(ready) },
      goal: { kind: "ratio at most", limit: 4 },
    },
    { section: "start", what: "the first bundle judged", unit: "ms", ...both(first) },
  ];
}
