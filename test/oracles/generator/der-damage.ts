import type { Random } from "./random.ts";

/** Does some small violence to bytes; says what it was. */
export function damageBytes(bytes: Buffer, chance: Random): { bytes: Buffer; what: string } {
  const at = chance.below(bytes.length);
  const value = chance.below(256);
  const [what, damaged] = chance.weigh<readonly [string, Buffer]>([
    [4, [`byte ${at} becomes ${value}`, splice(bytes, at, 1, Buffer.of(value))]],
    [3, [`bit flipped at ${at}`, splice(bytes, at, 1, Buffer.of((bytes[at] ?? 0) ^ (1 << (value & 7))))]],
    [2, [`byte ${at} up by one`, splice(bytes, at, 1, Buffer.of(((bytes[at] ?? 0) + 1) & 0xff))]],
    [1, [`byte put in at ${at}`, splice(bytes, at, 0, Buffer.of(value))]],
    [1, [`byte ${at} left out`, splice(bytes, at, 1)]],
    [1, [`cut off at ${at}`, bytes.subarray(0, at)]],
    [1, ["a byte at the end", Buffer.concat([bytes, Buffer.of(value)])]],
    [1, [`piece repeated at ${at}`, splice(bytes, at, 0, bytes.subarray(at, at + 1 + (value & 15)))]],
    [1, [`zeros from ${at}`, splice(bytes, at, value & 15, Buffer.alloc(value & 15))]],
  ]);
  return { bytes: damaged, what };
}

/** Changes the tags and lengths, which is where parsers differ; keeps the total length. */
export function damageStructure(bytes: Buffer, chance: Random): { bytes: Buffer; what: string } {
  const elements = headers(bytes);
  const at = elements.length === 0 ? 0 : chance.pick(elements);
  const tag = bytes[at] ?? 0;
  const tags = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0x82,
    0xa0, 0xa3,
  ];
  const [what, byte, offset] = chance.weigh<readonly [string, number, number]>([
    [3, ["another tag", chance.pick(tags), 0]],
    [1, ["constructed or not", tag ^ 0x20, 0]],
    [1, ["another class", tag ^ 0x80, 0]],
    [1, ["a length more", ((bytes[at + 1] ?? 0) + 1) & 0xff, 1]],
    [1, ["a length less", ((bytes[at + 1] ?? 0) + 255) & 0xff, 1]],
    [1, ["indefinite length", 0x80, 1]],
    [3, ["another first byte", chance.below(256), 2]],
  ]);
  return { bytes: splice(bytes, at + offset, 1, Buffer.of(byte)), what: `${what} at ${at}` };
}

function splice(bytes: Buffer, at: number, remove: number, put: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]);
}

/** Where elements begin, as far as one can walk. */
function headers(bytes: Buffer, from = 0, to = bytes.length): number[] {
  const found: number[] = [];
  for (let at = from; at + 2 <= to; ) {
    const first = bytes[at + 1] ?? 0;
    const more = first > 0x80 ? first & 0x7f : 0;
    const start = at + 2 + more;
    if (more > 3 || start > to) break;
    const end = start + (more > 0 ? bytes.readUIntBE(at + 2, more) : first);
    if (end > to) break;
    found.push(at);
    if (((bytes[at] ?? 0) & 0x20) !== 0) found.push(...headers(bytes, start, end));
    at = end;
  }
  return found;
}
