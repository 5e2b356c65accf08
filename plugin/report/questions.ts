import type { Check, Group } from "../survey/assessment.ts";
import type { Survey } from "../survey/types.ts";
import { type Html, html, nothing } from "./html.ts";
import { mark, prose } from "./pieces.ts";
import { heading, type Place, section } from "./section.ts";

/** Everything that was asked, and how it was answered. */
export function questionsSection(place: Place, groups: readonly Group[]): Html {
  const blocks = groups.map(
    ({ name, checks }) => html`<div class="group">${heading(
      place.level === 2 ? 3 : 4,
      `${place.prefix}asked-${name.replaceAll(" ", "-")}`,
      name,
    )}<ul class="asked">${checks.map(question)}</ul></div>
`,
  );
  const about = "Everything that was asked. Each should be so.";
  return section(
    place,
    { id: "asked", title: "All questions", about },
    html`<div class="groups">${blocks}</div>`,
  );
}

function question({ result, summary, why, note }: Check): Html {
  const more = why === undefined ? note : `not asked: ${why}`;
  return html`<li>${mark(result)}${summary}${more !== undefined && html`<p class="detail">${prose(more)}</p>`}</li>`;
}

/** What could not be read, and what would let us. */
export function unseenSection(place: Place, { unreadable }: Survey): Html {
  const rows = unreadable.map(
    ({ what, reason, hint }) =>
      html`<li><p><strong>${what}</strong></p><p class="detail">${prose(reason)}</p><p class="remedy"><span class="tag">Do this</span> ${hint}</p></li>\n`,
  );
  const body = rows.length === 0 ? nothing : html`<ul class="unread">${rows}</ul>`;
  const about = "What could not be read is not guessed at.";
  return section(place, { id: "unseen", title: "Out of sight", about }, body);
}

/** A cluster that could not be asked at all. */
export function failureSection(
  place: Place,
  failure: { readonly message: string; readonly hint: string },
): Html {
  const body = html`<p class="calm">${mark("error")}${failure.message}</p><p class="remedy"><span class="tag">Do this</span> ${failure.hint}</p>`;
  return section(place, { id: "failure", title: "Not asked", about: "The cluster did not answer." }, body);
}
