import { type Html, html, nothing, trusted } from "./html.ts";

/** Where a part of the page stands: under which heading, and whose it is. */
export interface Place {
  /** 2 with one cluster, 3 below the name of one of several. */
  readonly level: 2 | 3;
  /** "east-": goes before the names that links lead to. */
  readonly prefix: string;
}

/** A part of the page: its title and what it tells at the left, the rest beside. Empty where there is nothing. */
export function section(
  { level, prefix }: Place,
  part: { readonly id: string; readonly title: string; readonly about: string },
  body: Html,
): Html {
  if (body === nothing) return nothing;
  const id = `${prefix}${part.id}`;
  // Each of several clusters has the same parts: with its name they can be told apart.
  const label = level === 3 ? `${id} ${prefix}cluster` : id;
  return html`<section class="part" aria-labelledby="${label}">
<div class="head">${heading(level, id, part.title)}<p>${part.about}</p></div>
<div class="body">${body}</div>
</section>
`;
}

export function heading(level: 2 | 3 | 4, id: string, title: string | Html): Html {
  const tag = trusted(`h${level}`);
  return html`<${tag} id="${id}">${title}</${tag}>`;
}
