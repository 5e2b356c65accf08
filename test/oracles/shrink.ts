import type { Case } from "./cases.ts";

type Side = "bundle" | "chain" | "key";

/** The smallest case one can get to by leaving things out for which `holds` still says yes. */
export async function shrink(found: Case, holds: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let smallest = found;
  for (const split of [intoBlocks, intoLines, intoBytes])
    for (const side of ["bundle", "chain", "key"] as const)
      smallest = await thin(smallest, side, split, holds);
  return smallest;
}

/** A case as a text that can be kept, and sent to others. */
export function writeCase({ id, label, now, bundle, chain, key, leaf, leafIsSound }: Case): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"); // one character a byte
  const base64 = Buffer.from(leaf).toString("base64");
  const texts = { bundle: text(bundle), chain: text(chain), key: text(key) };
  return `${JSON.stringify({ id, label, now, ...texts, leaf: base64, leafIsSound }, null, 2)}\n`;
}

export function readCase(text: string): Case {
  const { now, bundle, chain, key, leaf, ...rest } = JSON.parse(text);
  const bytes = (side: string) => Buffer.from(side, "latin1");
  const sides = { bundle: bytes(bundle), chain: bytes(chain), key: bytes(key) };
  return { ...rest, now: new Date(now), ...sides, leaf: Buffer.from(leaf, "base64") };
}

const intoBlocks = (text: string): string[] => text.split(/(?=-----BEGIN )/);
const intoLines = (text: string): string[] => text.split(/(?<=\n)/);
const intoBytes = (text: string): string[] => (text.length > 4000 ? [text] : [...text]);

/** Leaves out halves, quarters, … down to single pieces, for as long as that changes something. */
async function thin(
  from: Case,
  side: Side,
  split: (text: string) => string[],
  holds: (smaller: Case) => Promise<boolean>,
): Promise<Case> {
  let best = from;
  let pieces = split(Buffer.from(from[side]).toString("latin1"));
  for (let size = Math.ceil(pieces.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < pieces.length; ) {
      const fewer = pieces.toSpliced(at, size);
      const smaller = { ...best, [side]: Buffer.from(fewer.join(""), "latin1") };
      if (await holds(smaller)) [best, pieces] = [smaller, fewer];
      else at += size;
    }
  }
  return best;
}
