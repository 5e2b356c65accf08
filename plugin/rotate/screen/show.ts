import type { Goal } from "../../../trust/rotation/goal.ts";
import { type ColourChoice, styleOf } from "../../render/colour.ts";
import type { World } from "../../world.ts";
import type { Listener } from "../progress.ts";
import { drawScreen } from "./draw.ts";
import { jsonEvent } from "./json-event.ts";
import { liveLines } from "./live.ts";
import { plainLines } from "./plain-lines.ts";
import { newScreen, take } from "./state.ts";
import { wordsFor } from "./words.ts";

/** Shows what happens while it happens. */
export interface Show {
  readonly listener: Listener;
  /** Says something beside what happens. */
  say(text: string): void;
  /** Whether it has. */
  readonly said: boolean;
  end(): void;
}

export interface ShowOptions {
  readonly json: boolean;
  readonly kind: Goal["kind"];
  readonly colour: ColourChoice;
  readonly clusters: readonly string[];
  readonly title: readonly string[];
}

const redrawMs = 100;
const tickMs = 1_000;

/** JSON on stdout where that was asked for; else a live screen on a terminal, and lines where there is none. */
export function showing(options: ShowOptions, world: World): Show {
  const { stdout, stderr } = world;
  if (options.json) return inLines((happening) => stdout.write(`${jsonEvent(happening)}\n`), world);
  if (stderr.isTTY === true && world.env["TERM"] !== "dumb") return liveScreen(options, world);
  return inLines((happening) => {
    for (const line of plainLines(happening, options.kind)) stderr.write(`${line}\n`);
  }, world);
}

function inLines(listener: Listener, { stderr }: World): Show {
  let said = false;
  return {
    listener,
    say(text) {
      said = true;
      stderr.write(`${text}\n`);
    },
    get said() {
      return said;
    },
    end() {},
  };
}

function liveScreen({ clusters, title, colour, kind }: ShowOptions, { stderr, env, clock }: World): Show {
  const state = newScreen(clusters);
  const live = liveLines(stderr);
  const style = styleOf(stderr, env, colour);
  const words = wordsFor(kind);
  let waiting: NodeJS.Timeout | undefined;
  let said = "";
  const draw = () => {
    waiting = undefined;
    const [columns, rows] = [stderr.columns ?? 80, (stderr.rows ?? 24) - 1];
    // What was said is for copying, so it is not cut.
    const more = said === "" ? [] : [said];
    const room = Math.max(1, rows - (more.length === 0 ? 0 : Math.ceil(said.length / columns)));
    live.show([...drawScreen(state, title, { now: clock(), style, words, columns, rows: room }), ...more]);
  };
  const tick = setInterval(draw, tickMs).unref();
  draw();
  return {
    listener(happening) {
      take(state, happening);
      waiting ??= setTimeout(draw, redrawMs).unref();
      if (happening.kind === "ended") {
        clearTimeout(waiting);
        draw();
      }
    },
    say(text) {
      said = text;
      draw();
    },
    get said() {
      return said !== "";
    },
    end() {
      clearInterval(tick);
      clearTimeout(waiting);
      draw();
      live.end();
    },
  };
}
