import { pause } from "../../../cluster/backoff.ts";
import type { Observer } from "../../../cluster/rotation/observe/observer.ts";
import { perform } from "../../../cluster/rotation/perform/perform.ts";
import type { World } from "../../world.ts";
import { lookAtLeaves } from "../loop/leaves-to-see.ts";
import type { Seat } from "../seat.ts";
import type { Status } from "./status-text.ts";

/** A cluster that is watched to tell of it. */
export interface Watched {
  readonly seat: Seat;
  readonly observer: Observer;
}

/**
 * What no watch tells is asked for, where the plan needs it next; nothing is written.
 * Says whether anything was learnt; `say` is called where that takes long.
 */
export async function learn(
  watched: readonly Watched[],
  statuses: readonly Status[],
  namespace: string,
  world: World,
  say: (line: string) => void = () => {},
): Promise<boolean> {
  const proven = await prove(watched, statuses, namespace, world);
  const looked = await seeLeaves(watched, statuses, world.interrupted, say);
  return proven || looked;
}

const longMs = 2_000;

/** What the injector gives to new pods is asked by pods that are never made. Says whether anything was learnt. */
async function prove(
  watched: readonly Watched[],
  statuses: readonly Status[],
  namespace: string,
  { interrupted: signal, chance: random }: World,
): Promise<boolean> {
  let learnt = false;
  for (const { name, view, plan } of statuses) {
    const [step] = plan?.steps ?? [];
    const observer = watched.find(({ seat }) => seat.name === name)?.observer;
    if (step?.kind !== "prove-injector" || observer === undefined) continue;
    const context = { observer, namespace, random, signal, view, dryRun: true, rotation: "" };
    // Who only reads may not ask that; then it stands there as what comes next.
    const outcome = await perform(step, context).catch(() => undefined);
    if (outcome?.outcome === "done") learnt = true;
  }
  return learnt;
}

/** Where only that is left, the leaves of those whom nobody restarts are looked at. Says whether that was due. */
async function seeLeaves(
  watched: readonly Watched[],
  statuses: readonly Status[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<boolean> {
  for (const { seat, observer } of watched) {
    const one = statuses.find(({ name }) => name === seat.name);
    lookAtLeaves(one?.view, one?.plan, observer);
  }
  const due = watched.some(({ observer }) => observer.looking);
  const slow = setTimeout(
    () => say("looking at the leaves that proxies serve, for half a minute at most …"),
    longMs,
  );
  while (!signal.aborted && watched.some(({ observer }) => observer.looking)) await pause(50, signal);
  clearTimeout(slow);
  return due;
}
