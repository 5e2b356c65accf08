import { moment } from "../../trust/naming.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import { relative } from "../render/relative.ts";
import type { Result } from "../survey/assessment.ts";
import { type Html, html } from "./html.ts";
import { symbols, words } from "./verdict.ts";

/** The symbol for the eye, the word for the ear. */
export function mark(result: Result): Html {
  return html`<span class="mark ${result}" aria-hidden="true">${symbols[result]}</span><span class="unseen">${words[result]}: </span>`;
}

/** A short answer, which does not leave its symbol. */
export function answer(result: Result, text: string): Html {
  return html`<span class="answer">${mark(result)}${text}</span>`;
}

/** A name of somebody's choosing; it cannot turn the text around it. */
export function name({ name, fingerprint }: Certificate): Html {
  return html`<bdi class="name">${name}</bdi> <code class="short">${fingerprint.slice(0, 8)}</code>`;
}

/** A sentence; moments in it stay in one piece. */
export function prose(text: string): Html {
  const parts = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/);
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : html`<time datetime="${part}">${part}</time>`))}`;
}

export function time(date: Date): Html {
  return html`<time datetime="${moment(date)}">${minute(date)}</time>`;
}

/** "2027-06-01 12:00 UTC, in 364 days". */
export function timeAndDistance(date: Date, now: Date): Html {
  return html`${time(date)}, <span class="distance">${relative(date, now)}</span>`;
}

/** People need no seconds. */
function minute(date: Date): string {
  return `${moment(date).slice(0, 16).replace("T", " ")} UTC`;
}

export interface Column {
  readonly title: string;
  /** In hundredths of the table, one of style.ts's widths; without it, what is left. */
  readonly width?: 10 | 15 | 20 | 25 | 30 | 35;
}

/**
 * A table whose rows become cards on a narrow screen. Styling a table as
 * something else takes its meaning from screen readers; the roles keep it.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Html[])[]): Html {
  const head = columns.map(
    ({ title, width }) =>
      html`<th scope="col" role="columnheader" class="${width === undefined ? "" : `w${width}`}">${title}</th>`,
  );
  const body = rows.map(
    (cells) => html`<tr role="row">${cells.map((cell, i) => cellOf(cell, i, columns[i]))}</tr>`,
  );
  return html`<table role="table"><caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${body}</tbody></table>`;
}

function cellOf(cell: Html, index: number, column: Column | undefined): Html {
  if (index === 0) return html`<th scope="row" role="rowheader">${cell}</th>`;
  return html`<td role="cell" data-title="${column?.title ?? ""}"><div>${cell}</div></td>\n`;
}
