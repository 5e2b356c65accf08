import { readFileSync } from "node:fs";

export interface Section {
  readonly id: string;
  readonly text: string;
}

/** The sections of trust/rules/README.md, where the link of every finding lands. */
export const sections: readonly Section[] = readFileSync(
  new URL("../../../trust/rules/README.md", import.meta.url),
  "utf8",
)
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const end = section.indexOf("\n");
    return { id: section.slice(0, end).trim(), text: section.slice(end).trim() };
  });

/** The message that a rule's section shows: its block quote. */
export function exampleOf(id: string): string {
  const text = sections.find((section) => section.id === id)?.text ?? "";
  return /^> (.*)$/m.exec(text)?.[1] ?? "";
}
