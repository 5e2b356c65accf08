import { pause } from "../../../cluster/backoff.ts";
import { Failure } from "../../../cluster/failure.ts";
import { leavesShown, provenUse } from "../../../cluster/rotation/journal/journal-line.ts";
import { kindsThere } from "../../../cluster/rotation/kinds-there.ts";
import { readLease } from "../../../cluster/rotation/lease/lease.ts";
import { observe } from "../../../cluster/rotation/observe/observe.ts";
import { planFleet } from "../../../trust/rotation/fleet.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import { inferGoal } from "../../../trust/rotation/infer-goal.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Arguments } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { colourChoices, styleOf } from "../../render/colour.ts";
import type { World } from "../../world.ts";
import { recordedGoal } from "../goals.ts";
import { fit } from "../screen/fit.ts";
import { liveLines } from "../screen/live.ts";
import type { Seat } from "../seat.ts";
import { withSeats } from "../with-seats.ts";
import { learn, type Watched } from "./learn.ts";
import { type Status, statusJson, statusText } from "./status-text.ts";

/** `rotate status`: once, or again with every change. */
export function status(args: Arguments, world: World, output: "text" | "json"): Promise<ExitCode> {
  return withSeats(args, world, async (seats, { namespace }) => {
    const watched = await Promise.all(seats.map((seat) => begin(seat, namespace, world)));
    try {
      await seen(watched, world);
      const ask = async (say?: (line: string) => void) => {
        const first = await statusesOf(watched, namespace, world);
        return (await learn(watched, first, namespace, world, say))
          ? statusesOf(watched, namespace, world)
          : first;
      };
      const say = (line: string) => world.stderr.write(`${line}\n`);
      if (!args.flag("watch")) world.stdout.write(rendered(await ask(say), output, false));
      else await follow(watched, () => ask(), output, args, world);
      return exitCodes.ok;
    } finally {
      for (const { observer } of watched) observer.stop();
    }
  });
}

async function begin(seat: Seat, namespace: string, world: World): Promise<Watched> {
  const observer = observe(seat.cluster, {
    namespace,
    clock: () => world.clock(),
    random: () => world.chance(),
    kinds: await kindsThere(seat.cluster, world.interrupted),
    evidence: seat.recorded.flatMap(({ lines }) => provenUse(lines)),
    leaves: seat.recorded.flatMap(({ lines }) => leavesShown(lines)),
  });
  return { seat, observer };
}

async function seen(watched: readonly Watched[], world: World): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    const unseen = watched.find(({ observer }) => observer.view() === undefined);
    if (unseen === undefined) return;
    const { failure } = unseen.observer;
    if (performance.now() > until || failure?.status === 403 || failure?.status === 401)
      throw failure ?? new Failure(`${unseen.seat.name} is not seen`, "Try again.");
    if (world.interrupted.aborted) throw new Error("interrupted");
    await pause(50, world.interrupted);
  }
}

async function statusesOf(
  watched: readonly Watched[],
  namespace: string,
  world: World,
): Promise<readonly Status[]> {
  const views = new Map(watched.map(({ seat, observer }) => [seat.name, observer.view()]));
  const goals = new Map<string, { goal: Goal; recorded?: Seat["open"] }>();
  for (const { seat } of watched) {
    const [recorded, view] = [seat.open && recordedGoal(seat.open), views.get(seat.name)];
    const goal = recorded ?? (view && inferGoal(view));
    if (goal !== undefined) goals.set(seat.name, { goal, recorded: recorded && seat.open });
  }
  const planned = new Map([...views].filter(([name]) => goals.has(name)));
  const plans = planFleet(planned, new Map([...goals].map(([name, { goal }]) => [name, goal])));
  const statuses = await Promise.all(
    watched.map(async ({ seat }): Promise<Status | undefined> => {
      const view = views.get(seat.name);
      const lease = await readLease(seat.cluster, {
        namespace,
        clock: () => world.clock(),
        host: world.host,
      });
      return view && statusOf(seat.name, view, goals.get(seat.name), plans.get(seat.name), lease);
    }),
  );
  return statuses.filter((one) => one !== undefined);
}

function statusOf(
  name: string,
  view: RotationView,
  wanted: { goal: Goal; recorded?: Seat["open"] } | undefined,
  plan: Status["plan"],
  lease: Status["lease"],
): Status {
  return {
    name,
    view,
    ...(wanted === undefined ? {} : { goal: wanted.goal }),
    ...(plan === undefined ? {} : { plan }),
    ...(wanted?.recorded === undefined ? {} : { recorded: wanted.recorded }),
    ...(lease === undefined ? {} : { lease }),
  };
}

function rendered(statuses: readonly Status[], output: "text" | "json", oneLine: boolean): string {
  if (output === "text") return statuses.map(statusText).join("\n");
  const value = {
    apiVersion: "linkerd-certs.io/v1",
    kind: "RotationStatus",
    clusters: statuses.map(statusJson),
  };
  return `${JSON.stringify(value, undefined, oneLine ? 0 : 2)}\n`;
}

const tickMs = 1_000;

/** On a terminal in place, elsewhere anew with every change. */
async function follow(
  watched: readonly Watched[],
  ask: () => Promise<readonly Status[]>,
  output: "text" | "json",
  args: Arguments,
  world: World,
): Promise<void> {
  const { stdout, interrupted, env } = world;
  const live = output === "text" && stdout.isTTY === true ? liveLines(stdout) : undefined;
  const colour = colourChoices.find((one) => one === args.text("color"));
  const style = styleOf(stdout, env, colour);
  let changed = true;
  let before = "";
  const ends = watched.map(({ observer }) =>
    observer.onChange(() => {
      changed = true;
    }),
  );
  try {
    for (let count = 0; !interrupted.aborted; count++) {
      // Who holds the lease is looked at now and then, all else is watched.
      const text = changed || count % 10 === 0 ? rendered(await ask(), output, true) : before;
      changed = false;
      if (live !== undefined) live.show(screenful(text, style.columns ?? 80, (stdout.rows ?? 24) - 1));
      else if (text !== before) stdout.write(text);
      before = text;
      await pause(tickMs, interrupted);
    }
  } finally {
    for (const end of ends) end();
    live?.end();
  }
}

function screenful(text: string, columns: number, rows: number): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .slice(0, rows)
    .map((line) => fit(line, columns));
}
