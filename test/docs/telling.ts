import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Desk } from "./desk.ts";
import { asShown, masked } from "./masks.ts";
import { type Block, blocksOf, fenced, home, readPage, scriptOf, shownIn } from "./pages.ts";

/** With LINKERD_CERTS_WRITE_DOCS=1 the screens of a page are written anew instead of compared. */
export const writes = process.env["LINKERD_CERTS_WRITE_DOCS"] === "1";

/** One command as it was typed, with what came. */
export interface Typed {
  readonly command: string;
  readonly screen: string;
  /** Milliseconds after the first command. */
  readonly begun: number;
  readonly ended: number;
}

export interface Telling {
  readonly page: string;
  /** Asked for when it is needed: it comes with the cluster. */
  desk(): Desk;
  /** What happens elsewhere once this was typed, before anything else is. */
  readonly after?: (command: string, output: string) => Promise<void>;
  /** Why a block is not typed here; undefined: it is. */
  readonly unless?: (script: string) => string | undefined;
  readonly now?: () => number;
}

/**
 * A test for each block of a page that somebody types, in the page's order: blocks of "sh" must succeed, those of
 * "console" must show what the page shows, but for what masks.ts masks. Gives back what was typed so far.
 */
export function tellPage(telling: Telling): readonly Typed[] {
  const { page, desk, after, unless, now = () => performance.now() } = telling;
  const [shown, came] = [masked(), masked()];
  const typed: Typed[] = [];
  const anew = new Map<Block, string>();
  const blocks = blocksOf(page);
  const start = { at: 0 };

  const type = async (command: string, how: "type" | "run"): Promise<string> => {
    if (typed.length === 0) start.at = now();
    const begun = now() - start.at;
    const { code, output } = await desk()[how](command);
    typed.push({ command, screen: output, begun, ended: now() - start.at });
    if (how === "run") assert.equal(code, 0, output);
    await after?.(command, output);
    return output;
  };

  for (const block of blocks.filter((one) => scriptOf(one) !== "")) {
    const title = scriptOf(block).trim().split("\n").at(-1) ?? "";
    const skip = unless?.(scriptOf(block)) ?? false;
    test(`line ${block.line}: ${title}`, { skip }, async () => {
      if (block.kind === "sh") {
        await type(block.text, "run");
        return;
      }
      let text = "";
      for (const { command, screen } of shownIn(block.text)) {
        const output = await type(command, "type");
        const some = asShown(screen, tidy(output));
        assert.ok(some !== undefined, `a line that is shown did not come:\n${output}`);
        text += `$ ${command}\n${some}`;
        if (!writes) assert.equal(came(some).trimEnd(), shown(screen).trimEnd());
      }
      anew.set(block, text);
    });
  }

  if (writes) test("written anew", () => write(page, blocks, anew));
  return typed;
}

/** As a page shows it: nothing at the ends of lines, and not whose machine it was. */
export function tidy(output: string): string {
  const text = output
    .replace(/[ \t\r]+$/gm, "")
    .replaceAll(`@${hostname()}`, "@pc")
    .trimEnd();
  return text === "" ? "" : `${text}\n`;
}

function write(page: string, blocks: readonly Block[], anew: ReadonlyMap<Block, string>): void {
  let next = 0;
  const text = readPage(page).replace(fenced, (whole, indent: string, kind: string) => {
    const block = blocks[next++];
    const come = block && anew.get(block);
    if (come === undefined) return whole;
    const lines = come.replace(/\n*$/, "\n").replaceAll(/^(?=.)/gm, indent);
    return `${indent}\`\`\`${kind}\n${lines}${indent}\`\`\``;
  });
  writeFileSync(join(home, page), text);
}
