import { pause } from "../../../cluster/backoff.ts";
import { Failure } from "../../../cluster/failure.ts";
import { forgetPreviousIssuer } from "../../../cluster/rotation/perform/previous-issuer.ts";
import { planFleet } from "../../../trust/rotation/fleet.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { canAsk, confirm } from "../../material/prompt.ts";
import type { World } from "../../world.ts";
import { type Emission, emitErrand } from "../emit/emit-errand.ts";
import { goalWords, Refused } from "../goals.ts";
import { keeping } from "../keeping.ts";
import { rotate } from "../loop/loop.ts";
import type { Ended, Listener } from "../progress.ts";
import { type Show, showing } from "../screen/show.ts";
import { claim, takeUp } from "./claim.ts";
import { dryRun } from "./dry-run.ts";
import { permitted } from "./permitted.ts";
import { planText, type Seen } from "./plan-text.ts";
import { type Errand, giveBack, idFor, type Place, watch } from "./session.ts";

/** Beside what is to be done, how it is talked about. */
export interface Talk {
  /** What the words bring, a line each. */
  readonly says: readonly string[];
  /** With which words to go on after an interruption. */
  readonly again: string;
  /** Writes the files that are to be made, once all is agreed. */
  keep(): void;
  /** Throws where what is seen speaks against it. */
  insist?(seen: readonly Seen[]): void;
  /** Only files are to be written. */
  readonly emission?: Emission;
  /** After the end, where all is reached: what else is to be done, a line each. */
  readonly afterwards: readonly string[];
}

/** Looks, shows the plan, asks once, and carries it out until it ends one way or another. */
export async function runErrand(errand: Errand, talk: Talk, world: World): Promise<ExitCode> {
  const { options } = errand;
  const { stderr } = world;
  const id = idFor(errand, world);
  const places = await watch(errand, id, world);
  try {
    const seen = await look(places, world);
    if (!options.json || options.dryRun !== "none" || !options.yes)
      stderr.write(`${[...talk.says.map((line) => `${line}\n`), ...seen.map(planText)].join("")}`);
    talk.insist?.(seen);
    if (talk.emission !== undefined) {
      talk.keep();
      return await emitErrand(talk.emission, places, seen, errand, world);
    }
    if (options.dryRun === "client") return exitCodes.ok;
    const nothing = seen.every(({ plan }) => plan.done) && errand.rotation === undefined;
    // What cannot begin is told and not recorded: it would stand in the way of what can.
    if (errand.rotation === undefined && !options.wait && seen.every(isStuck))
      return await go(places, errand, id, talk, world);
    if (!nothing) await permitted(places, seen, options.namespace, world.interrupted);
    if (options.dryRun === "server") return await dryRun(places, seen, world);
    if (!nothing) await agreed(errand, world);
    const claims = nothing ? [] : await claim(places, errand, world);
    talk.keep();
    await takeUp(claims, errand, id, world);
    return await go(places, errand, id, talk, world);
  } finally {
    await giveBack(places);
  }
}

const isStuck = ({ plan: { steps, waits, blocks } }: Seen) =>
  steps.length + waits.length === 0 && blocks.length > 0;

const sightMs = 60_000;

/** The first sight of every cluster. Throws a Failure where one is not seen in time. */
async function look(places: readonly Place[], world: World): Promise<readonly Seen[]> {
  const until = performance.now() + sightMs;
  for (;;) {
    const views = new Map(places.map(({ member }) => [member.name, member.view()]));
    const unseen = places.find(({ member }) => views.get(member.name) === undefined);
    if (unseen === undefined) {
      const plans = planFleet(views, new Map(places.map(({ member }) => [member.name, member.goal])));
      return places.flatMap(({ member: { name, goal } }) => {
        const [view, plan] = [views.get(name), plans.get(name)];
        return view === undefined || plan === undefined ? [] : [{ name, goal, view, plan }];
      });
    }
    const failure = unseen.member.failure;
    if (performance.now() > until || failure?.status === 403 || failure?.status === 401)
      throw failure ?? new Failure(`${unseen.member.name} is not seen`, "Try again.");
    if (world.interrupted.aborted) throw new Error("interrupted");
    await pause(50, world.interrupted);
  }
}

async function agreed({ options, goal, seats }: Errand, world: World): Promise<void> {
  if (options.yes) return;
  if (!canAsk(world)) throw new Refused("nothing is written without a yes", "Add --yes.");
  const where = seats.map(({ name }) => name).join(", ");
  if (await confirm(`Go ${goalWords(goal)} in ${where}?`, world)) return;
  throw new Refused("not confirmed; nothing was written", "Look again with: --dry-run server.");
}

async function go(
  places: readonly Place[],
  errand: Errand,
  id: string,
  talk: Talk,
  world: World,
): Promise<ExitCode> {
  const { options, goal, purpose } = errand;
  const names = places.map(({ member }) => member.name);
  const title = [`${purpose}  ${id}`, goalWords(goal)];
  const show = showing(
    { json: options.json, kind: goal.kind, colour: options.colour, clusters: names, title },
    world,
  );
  const keep = keeping(places.flatMap(({ keeper }) => keeper ?? []));
  const warnings: string[] = [];
  const listener: Listener = (happening) => {
    if (happening.kind === "warning")
      warnings.push(`${happening.cluster}: ${happening.message}`, `hint: ${happening.hint}`);
    const told = happening.kind === "ended" ? asAsked(happening, errand) : happening;
    keep(told);
    show.listener(told);
  };
  const stop = () => show.say(`stopping after the requests under way …; go on with: ${talk.again}`);
  world.interrupted.addEventListener("abort", stop);
  let ended: Ended;
  try {
    ended = await rotate({
      members: places.map(({ member }) => member),
      namespace: options.namespace,
      clock: () => world.clock(),
      random: () => world.chance(),
      timeoutMs: options.patienceMs,
      wait: options.wait,
      maxParallel: options.maxParallel,
      namespaceOrder: options.namespaceOrder,
      signal: world.interrupted,
      listener,
    });
  } finally {
    world.interrupted.removeEventListener("abort", stop);
    show.end();
  }
  // The screen has no room for them, and a log is long.
  for (const line of warnings)
    world.stderr.write(`linkerd-certs: ${line.replace(/^(?!hint)/, "warning: ")}\n`);
  return conclude(asAsked(ended, errand), places, errand, talk, show, world);
}

/** A goal that ends before the last stage by itself is reached there. */
function asAsked(ended: Ended, { options, goal }: Errand): Ended {
  const own = goal.kind === "anchor" && goal.until !== undefined && options.pauseAfter === undefined;
  return own && ended.outcome === "paused" ? { ...ended, outcome: "done", hint: "" } : ended;
}

async function conclude(
  { outcome, message, hint, missing }: Ended,
  places: readonly Place[],
  { options }: Errand,
  talk: Talk,
  show: Show,
  world: World,
): Promise<ExitCode> {
  const { stderr } = world;
  if (outcome === "done") {
    for (const { seat } of places)
      await forgetPreviousIssuer(seat.cluster, options.namespace, AbortSignal.timeout(10_000)).catch(
        (error: unknown) =>
          stderr.write(`linkerd-certs: warning: ${error instanceof Error ? error.message : error}\n`),
      );
    if (!options.json) stderr.write([message, ...talk.afterwards].map((line) => `${line}\n`).join(""));
    return exitCodes.ok;
  }
  if (outcome === "paused") {
    stderr.write(`${message}; go on with: ${talk.again}\n`);
    return exitCodes.ok;
  }
  if (outcome === "interrupted") {
    if (!show.said) stderr.write(`interrupted; go on with: ${talk.again}\n`);
    return exitCodes.interrupted;
  }
  stderr.write(`linkerd-certs: error: ${message}\n`);
  for (const what of missing) stderr.write(`linkerd-certs: ${what}\n`);
  stderr.write(`linkerd-certs: hint: ${hint === "" ? "Run it again." : hint} Go on with: ${talk.again}\n`);
  return codes[outcome];
}

const codes = {
  blocked: exitCodes.notInTime,
  "not-in-time": exitCodes.notInTime,
  refused: exitCodes.found,
  failed: exitCodes.failed,
} as const;
