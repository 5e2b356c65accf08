import { stripVTControlCharacters } from "node:util";

/** A colour, as colour.ts writes it, where the search stands. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "y");

/** Cuts a line to so many columns, its colours whole and ended; its last column says that it was cut. */
export function fit(line: string, columns: number, cut = "…"): string {
  if (widthOf(line) <= columns) return line;
  let [shown, text, ending] = [0, "", ""];
  for (let at = 0; at < line.length; ) {
    colour.lastIndex = at;
    const [code] = colour.exec(line) ?? [];
    if (code === undefined && shown === columns - 1) break;
    const next = code ?? String.fromCodePoint(line.codePointAt(at) ?? 0);
    if (code === undefined) shown++;
    else ending = "\u001b[0m";
    text += next;
    at += next.length;
  }
  return `${text}${cut}${ending}`;
}

/** In columns: Kubernetes' names and our words have no wide characters. */
export function widthOf(line: string): number {
  return [...stripVTControlCharacters(line)].length;
}
