import { parseJson } from "./json.ts";

/**
 * Splits a list's JSON while it arrives: each item is parsed by itself and
 * given to `each`, so that a page of 500 pods (5 MB and more) is never one
 * string, nor one tree of objects. Gives back the list without its items.
 *
 * An item is what stands in the array on the first level; an API server's list
 * has only that one there (kind, apiVersion, metadata {…}, items […]).
 */
export async function splitItems(
  chunks: AsyncIterable<Buffer>,
  each: (item: unknown) => void,
): Promise<unknown> {
  const around = collector();
  const item = collector();
  let depth = 0;
  let inItems = false;
  let inString = false;
  let escaped = false;

  for await (const chunk of chunks) {
    let from = 0; // where the part of this chunk begins that is not taken yet
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) {
        depth++;
        if (depth === 2 && byte === openBracket) {
          inItems = true;
          around.add(chunk, from, at + 1);
        } else if (depth === 3 && inItems) from = at; // skips the comma before it
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--;
        if (depth === 2 && inItems) {
          item.add(chunk, from, at + 1);
          each(parseJson(item.take()));
        } else if (depth === 1 && inItems) {
          inItems = false;
          from = at;
        }
      }
    }
    if (!inItems) around.add(chunk, from, chunk.length);
    else if (depth > 2) item.add(chunk, from, chunk.length);
  }
  return parseJson(around.take());
}

/** One piece of memory for one item after the other: thousands of buffers would pile up until they are collected. */
function collector() {
  let bytes = Buffer.alloc(16_384);
  let length = 0;
  return {
    add(chunk: Buffer, from: number, to: number): void {
      const needed = length + to - from;
      if (needed > bytes.length) {
        const larger = Buffer.alloc(Math.max(needed, 2 * bytes.length));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      length += chunk.copy(bytes, length, from, to);
    },
    /** Valid until the next `add`. */
    take(): Buffer {
      const whole = bytes.subarray(0, length);
      length = 0;
      return whole;
    },
  };
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
