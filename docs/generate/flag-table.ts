import type { Command } from "../../plugin/command.ts";
import type { FlagLine } from "./help.ts";
import { code, prose, table } from "./markdown.ts";

/** A row for each flag; the options say which of them may be repeated. */
export function flagTable(flags: readonly FlagLine[], options: Command["options"] = {}): string {
  return table(
    ["flag", "what it does", "default"],
    flags.map((flag) => [written(flag), said(flag, options), usual(flag)]),
  );
}

function written({ name, short, value }: FlagLine): string {
  const long = code(`--${name}${value === "" ? "" : ` ${value}`}`);
  return short === undefined ? long : `${code(`-${short}`)}, ${long}`;
}

function said({ name, words }: FlagLine, options: Command["options"]): string {
  const more = options[name]?.multiple === true && !words.includes("repeated") ? "; may be repeated" : "";
  return prose(`${words}${more}`);
}

/** One word is to be typed; more than one are an explanation. */
function usual({ usual: words = "" }: FlagLine): string {
  return words.includes(" ") ? prose(words) : code(words);
}
