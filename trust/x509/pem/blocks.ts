import { binary, toBytes } from "../bytes.ts";
import type { Dropped } from "../types.ts";
import { blockOf, faults, lineCounter } from "./faults.ts";
import { nextPemBlock } from "./go.ts";

/** A PEM block, whatever it holds. */
export interface Block {
  readonly line: number;
  /** As its BEGIN line has it: "CERTIFICATE". */
  readonly kind: string;
  /** In words that can be printed: "an EC PRIVATE KEY block". */
  readonly what: string;
  readonly bytes: Uint8Array;
}

/**
 * Every block of a text, where Linkerd's own readers stop at the first that is
 * no certificate, and what is no block although it begins like one.
 */
export function readBlocks(text: Uint8Array | string): {
  readonly blocks: readonly Block[];
  readonly damaged: readonly Dropped[];
} {
  const source = binary(toBytes(text));
  const lineOf = lineCounter(source);
  const blocks: Block[] = [];
  const damaged: Dropped[] = [];
  for (let at = 0; at < source.length; ) {
    const block = nextPemBlock(source, at);
    damaged.push(...faults(source, at, block?.begin ?? source.length, lineOf));
    if (block === undefined) break;
    const { type: kind, bytes, begin } = block;
    blocks.push({ line: lineOf(begin), kind, what: blockOf(kind), bytes });
    at = block.end;
  }
  return { blocks, damaged };
}
