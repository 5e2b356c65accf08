import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const home = join(import.meta.dirname, "..", "..");

export const readPage = (page: string) => readFileSync(join(home, page), "utf8");

/** What stands between two fences of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line within the page, from 1. */
  readonly line: number;
  /** "sh": commands. "console": commands after "$ ", each with its screen. "yaml", "json" …: what it says. */
  readonly kind: string;
  readonly text: string;
}

/** Every page of the repository, from its root: "README.md", "docs/install.md" … */
export function pages(): readonly string[] {
  const exclude = (name: string) => /^(node_modules|dist|\.git)$/.test(name.split("/").at(-1) ?? "");
  return globSync("**/*.md", { cwd: home, exclude }).sort();
}

/** A block between its fences, in a list by up to six spaces: indentation, kind, text. */
export const fenced = /^( {0,6})```([a-z]*)\n([\s\S]*?)^\1```$/gm;

export function blocksOf(page: string, text = readPage(page)): readonly Block[] {
  return [...text.matchAll(fenced)].map((found) => {
    const [, indent = "", kind = "", body = ""] = found;
    const line = text.slice(0, found.index).split("\n").length + 1;
    return { page, line, kind, text: body.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
  });
}

/** A command of a console block, and what is shown below it. */
export interface Shown {
  readonly command: string;
  readonly screen: string;
}

export function shownIn(text: string): readonly Shown[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = ""] = /^(?:.*\\\n)*.*/.exec(part) ?? [];
      return { command, screen: part.slice(command.length + 1) };
    });
}

/** What a shell is to run of it: nothing of a block that only shows. */
export function scriptOf({ kind, text }: Block): string {
  if (kind === "sh") return text;
  if (kind !== "console") return "";
  return shownIn(text)
    .map(({ command }) => `${command}\n`)
    .join("");
}
