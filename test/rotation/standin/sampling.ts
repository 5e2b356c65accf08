import { handshaking } from "./handshake.ts";
import { type Member, type Population, population } from "./population.ts";
import type { FailedHandshake, Handshakes, Settings } from "./settings.ts";

export interface Sampling {
  readonly population: Population;
  report(): Handshakes;
  /** Counts from now on. */
  reset(): void;
}

const atOnce = 4;
const kept = 20;

/**
 * Handshakes all the time. Kinds of proxies take turns, each with each and in both directions, and a new kind meets
 * all others at once: so old and new surely meet, however few of either there are.
 */
export function sampling(settings: () => Settings): Sampling {
  const urgent: [client: string, server: string][] = [];
  const shake = handshaking();
  let turns: [client: string, server: string][] = [];
  let counts = fresh();
  let running = 0;
  const people = population((kind) => {
    for (const other of people.kinds.keys()) urgent.push([kind, other], [other, kind]);
  });

  const nextPair = (): [string, string] | undefined => {
    const now = urgent.shift();
    if (now !== undefined) return now;
    const kinds = [...people.kinds.keys()];
    if (turns.length === 0) turns = kinds.flatMap((a) => kinds.map((b): [string, string] => [a, b]));
    return turns.shift();
  };

  const one = async (): Promise<void> => {
    const [clientKind, serverKind] = nextPair() ?? [];
    const client = anyOf(people.kinds.get(clientKind ?? ""));
    const server = anyOf(people.kinds.get(serverKind ?? ""));
    if (client === undefined || server === undefined) return;
    const into = counts;
    const at = new Date().toISOString();
    const why = await shake(sideOf(client), sideOf(server));
    into.tried++;
    const met = `${wordsOf(client)} -> ${wordsOf(server)}`;
    into.met.set(met, (into.met.get(met) ?? 0) + 1);
    if (why === undefined) return;
    into.failed++;
    if (into.failures.length < kept)
      into.failures.push({ at, client: client.party(), server: server.party(), why });
  };

  const tick = (): void => {
    people.renew();
    if (running < atOnce) {
      running++;
      void one().finally(() => running--);
    }
    setTimeout(tick, urgent.length > 0 ? 1 : 1000 / settings().handshakesPerSecond);
  };
  tick();

  return {
    population: people,
    report: () => ({ ...counts, met: Object.fromEntries(counts.met) }),
    reset: () => {
      counts = fresh();
    },
  };
}

function fresh(): { tried: number; failed: number; met: Map<string, number>; failures: FailedHandshake[] } {
  return { tried: 0, failed: 0, met: new Map(), failures: [] };
}

function anyOf(members: readonly Member[] | undefined): Member | undefined {
  return members?.[Math.floor(Math.random() * members.length)];
}

const sideOf = (member: Member) => ({ identity: member.proxy.identityName, context: member.context() });

// "old + new, leaf of identity": which certificates exactly is in the failures.
function wordsOf({ proxy, leaf }: Member): string {
  return `${proxy.anchors.names.toSorted().join(" + ")}, leaf of ${leaf.issuer.label}`;
}
