import type { Assessment } from "../survey/assessment.ts";
import type { Moment } from "../survey/timeline.ts";
import { chart } from "./chart.ts";
import { type Html, html, nothing } from "./html.ts";
import { prose, timeAndDistance } from "./pieces.ts";
import { type Place, section } from "./section.ts";
import { spansOf } from "./spans.ts";

/** What ends when, and what happens if nobody does anything. */
export function nextSection(place: Place, { survey, timeline }: Assessment): Html {
  const picture = chart(`${place.prefix}chart`, spansOf(survey), timeline, survey.at);
  const list = timeline.map((one) => moment(one, survey.at));
  const body =
    picture === nothing && list.length === 0 ? nothing : html`${picture}<ol class="moments">${list}</ol>`;
  const about =
    "When each certificate ends, on a scale of days to decades, and what comes of it if nobody does anything.";
  return section(place, { id: "next", title: "What happens next", about }, body);
}

function moment({ at, what, why, harm }: Moment, now: Date): Html {
  const when = at === undefined ? html`at any time` : timeAndDistance(at, now);
  const urgent = harm && (at === undefined || at < now) ? "urgent" : "";
  return html`<li class="${harm ? "harm" : "renewal"} ${urgent}"><p class="when">${when}</p><p><strong>${what}</strong></p><p class="detail">${prose(why)}</p></li>
`;
}
