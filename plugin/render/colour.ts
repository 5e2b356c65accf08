import type { Writer } from "../world.ts";

export const colourChoices = ["auto", "always", "never"] as const;
export type ColourChoice = (typeof colourChoices)[number];

type Paint = (text: string) => string;

/** How to write to one stream. */
export interface Style {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
  /** linkerd check's, or letters where the terminal knows ASCII only. */
  readonly symbols: {
    readonly success: string;
    readonly warning: string;
    readonly error: string;
    readonly skipped: string;
  };
  readonly columns: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours and symbols for a stream, by what was asked for, the environment and the terminal. */
export function styleOf(stream: Writer, env: Environment, choice: ColourChoice = "auto"): Style {
  const coloured = hasColour(stream, env, choice);
  const paint = (code: number, end: number): Paint =>
    coloured ? (text) => (text === "" ? "" : `\u001b[${code}m${text}\u001b[${end}m`) : (text) => text;
  return {
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    dim: paint(2, 22),
    bold: paint(1, 22),
    symbols: isUtf8(env)
      ? { success: "√", warning: "‼", error: "×", skipped: "–" }
      : { success: "+", warning: "!", error: "x", skipped: "-" },
    columns: stream.isTTY === true ? stream.columns : undefined,
  };
}

/** What was asked for counts most, then NO_COLOR (no-color.org), then FORCE_COLOR, then the terminal. */
function hasColour({ isTTY = false }: Writer, env: Environment, choice: ColourChoice): boolean {
  if (choice !== "auto") return choice === "always";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTTY && env["TERM"] !== "dumb";
}

// As setlocale reads them. Where nothing is said (containers, Windows) UTF-8 is what today's terminals know.
function isUtf8(env: Environment): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "UTF-8";
  return /utf-?8/i.test(locale);
}
