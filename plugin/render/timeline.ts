import { moment } from "../../trust/words.ts";
import type { Moment } from "../survey/timeline.ts";
import { relative } from "./check-sections.ts";
import type { Style } from "./colour.ts";

/** What comes if nobody does anything, the soonest first. */
export function timelineSection(
  moments: readonly Moment[],
  now: Date,
  { red, dim }: Style,
  wide: boolean,
): string {
  return moments
    .map(({ at, what, why, harm }) => {
      const past = at !== undefined && at < now;
      const when = at === undefined ? "at any time" : moment(at);
      const distance = at === undefined ? "" : relative(at, now);
      const text = harm && (past || at === undefined) ? red(what) : what;
      const reason = wide || harm ? `\n    ${dim(why)}` : "";
      return `${when.padEnd(22)}${distance.padEnd(14)}${text}${reason}\n`;
    })
    .join("");
}
