import { spoken } from "../survey/duration.ts";

/** How long until then, or since: "in 3 years", "12 days ago". */
export function relative(date: Date, now: Date): string {
  const ms = date.getTime() - now.getTime();
  return ms < 0 ? `${spoken(ms)} ago` : `in ${spoken(ms)}`;
}
