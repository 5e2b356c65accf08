import { objectPath } from "../cluster/paths.ts";
import { type Figure, median } from "./figures.ts";
import { type Guard, startGuard } from "./guard.ts";
import { runSteps, type Step, type Summary } from "./load.ts";
import { progress } from "./progress.ts";
import { freshBundle } from "./reviews.ts";
import { type Stage, startPeer } from "./servers.ts";
import { installTrust } from "./stage.ts";
import { register } from "./webhooks.ts";

export interface Effort {
  readonly rounds: number;
  readonly writes: number;
  /** Writes a second. */
  readonly rate: number;
}

// Three namespaces of one API server, so that neighbouring writes differ in nothing but who is asked.
const groups = { none: "bench-unguarded", peer: "bench-peer", guard: "linkerd" } as const;
type Group = keyof typeof groups;

/** What a write through the real API server takes longer for being judged. */
export async function measureLatency(stage: Stage, guard: Guard, effort: Effort): Promise<Figure[]> {
  for (const namespace of [groups.none, groups.peer]) await installTrust(stage, namespace);
  const servers = [await startPeer(stage, groups.peer), await startGuard(stage, guard)];
  for (const server of servers) await register(stage, server, groups[server.name]);

  const write = (writes: number, rate: number) => runSteps(stage, steps(stage, writes), rate);
  await write(100, 0);
  const rounds: Readonly<Record<string, Summary>>[] = [];
  for (let round = 0; round < effort.rounds; round++) {
    progress(`round ${round + 1} of ${effort.rounds}`);
    rounds.push(await write(effort.writes, effort.rate));
  }
  for (const server of servers) await server.end();

  const figures = (["p50", "p99"] as const).flatMap((key): Figure[] => {
    const of = (group: Group) => median(rounds.map((round) => round[group]?.[key] ?? Number.NaN));
    const added = { guard: of("guard") - of("none"), peer: of("peer") - of("none") };
    return [
      { section: "latency", what: `a write that nobody judges: ${key}`, unit: "ms", guard: of("none") },
      {
        section: "latency",
        what: `a write, judged: ${key}`,
        unit: "ms",
        guard: of("guard"),
        peer: of("peer"),
      },
      {
        ...{ section: "latency", what: `added to a write: ${key}`, unit: "ms", ...added },
        ...(key === "p99" ? { goal: { kind: "ratio at most", limit: 1 } } : {}),
      },
    ];
  });
  return figures;
}

function steps({ cp, trust }: Stage, writes: number): Step[] {
  const headers = {
    authorization: `Bearer ${cp.token}`,
    "content-type": "application/merge-patch+json",
    accept: "application/json",
  };
  const orders: readonly (readonly Group[])[] = [
    ["none", "peer", "guard"],
    ["guard", "none", "peer"],
    ["peer", "guard", "none"],
  ];
  return Array.from({ length: writes }, (_, index) => {
    // Nobody has seen these anchors; each of the three gets the same.
    const body = JSON.stringify({ data: { "ca-bundle.crt": freshBundle(trust, 2) } });
    return (orders[index % orders.length] ?? []).map((group) => {
      const path = objectPath("ConfigMap", groups[group], "linkerd-identity-trust-roots");
      return { group, method: "PATCH", path, headers, body };
    });
  }).flat();
}
