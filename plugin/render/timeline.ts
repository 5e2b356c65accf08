import { moment } from "../../trust/naming.ts";
import type { Moment } from "../survey/timeline.ts";
import type { Style } from "./colour.ts";
import { relative } from "./relative.ts";

/** What comes if nobody does anything, the soonest first. */
export function timelineSection(
  moments: readonly Moment[],
  now: Date,
  { red, dim }: Style,
  wide: boolean,
): string {
  const distances = moments.map(({ at }) => (at === undefined ? "" : relative(at, now)));
  const width = Math.max(0, ...distances.map(({ length }) => length));
  return moments
    .map(({ at, what, why, harm }, index) => {
      const past = at !== undefined && at < now;
      const when = (at === undefined ? "at any time" : moment(at)).padEnd(20);
      const distance = (distances[index] ?? "").padEnd(width);
      const text = harm && (past || at === undefined) ? red(what) : what;
      const reason = wide || harm ? `\n    ${dim(why)}` : "";
      return `${when}   ${distance}   ${text}${reason}\n`;
    })
    .join("");
}
