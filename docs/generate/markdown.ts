/** A table; the cells are Markdown, in which a pipe is escaped here. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Words as they are, between backticks; nothing where there are none. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

export function fence(kind: string, text: string): string {
  return `\`\`\`${kind}\n${text.replace(/\n*$/, "")}\n\`\`\``;
}

/** Plain words as Markdown: flags and variables become code, pages links, and what looks like markup is escaped. */
export function prose(text: string): string {
  return text.replace(special, (found, typed?: string, linked?: string) => {
    if (typed !== undefined) return code(typed);
    return linked === undefined ? `\\${found}` : `[${linked}](../${linked})`;
  });
}

const special =
  /((?<![\w-])--?[a-z][a-z-]*(?![\w|])|\$[A-Z_]+|\b[A-Z]+_[A-Z_]+\b)|\bdocs\/([\w/-]+\.md)|[\\`*_<>[\]]/g;

/** The parts of a page, a blank line between them. */
export function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Said at the top of each page. */
export const madeBy = "<!-- Made from the code by `npm run reference`. -->";

const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
