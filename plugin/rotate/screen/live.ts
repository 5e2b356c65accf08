import type { Writer } from "../../world.ts";
import { widthOf } from "./fit.ts";

/** Lines that are redrawn in place, below what else the terminal shows. */
export interface LiveLines {
  /** Shows these lines instead of those before. */
  show(lines: readonly string[]): void;
  /** Leaves the last lines standing and gives the cursor back. */
  end(): void;
}

const csi = "\u001b[";
const codes = {
  hideCursor: `${csi}?25l`,
  showCursor: `${csi}?25h`,
  /** The terminal shows what stands between these at once, or, where it does not know them, as it comes. */
  beginUpdate: `${csi}?2026h`,
  endUpdate: `${csi}?2026l`,
  clearToEndOfLine: `${csi}K`,
  clearBelow: `${csi}J`,
  up: (lines: number) => (lines === 0 ? "\r" : `\r${csi}${lines}A`),
};

/** In one write, each line over its predecessor and nothing blanked first, so that nothing flickers. */
export function liveLines(terminal: Writer): LiveLines {
  let shown: readonly string[] | undefined;
  return {
    show(lines) {
      if (shown?.length === lines.length && lines.every((line, i) => line === shown?.[i])) return;
      // Lines may be longer than the terminal is wide, or have become so since they were written.
      const back = shown === undefined ? codes.hideCursor : codes.up(rowsOf(shown, terminal.columns));
      const text = lines.map((line) => `${line}${codes.clearToEndOfLine}\n`).join("");
      terminal.write(`${codes.beginUpdate}${back}${text}${codes.clearBelow}${codes.endUpdate}`);
      shown = lines;
    },
    end() {
      if (shown !== undefined) terminal.write(codes.showCursor);
      shown = undefined;
    },
  };
}

/** A terminal that was made narrower has broken the lines that stood in it. */
function rowsOf(lines: readonly string[], columns: number | undefined): number {
  if (columns === undefined) return lines.length;
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
}
