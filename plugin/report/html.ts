import { unsafe } from "../../trust/harmless.ts";

/** Text that is HTML already. Only `html` makes it, so whatever else comes into a page is escaped. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** html`<p>${text}</p>`: HTML goes in as it is, lists one after another, nothing for undefined, text escaped. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: fixed.reduce((all, text, i) => `${all}${written(parts[i - 1])}${text}`) };
}

/** For text that stands in this house's own source: never for what was read anywhere. */
export function trusted(text: string): Html {
  return { html: text };
}

export const nothing: Html = { html: "" };

function written(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "html" in part ? part.html : part.map(written).join("");
}

// Names come from certificates, so from anybody. What turns the direction of writing is shown as a number.
function escaped(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(unsafe, (character) =>
      character === "\n" || character === "\t" ? character : shown(character),
    );
}

function shown(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
