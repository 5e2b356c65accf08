import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColors = 256;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xrrggbb, row by row. */
  readonly pixels: Uint32Array;
}

/** Chromium's PNG with its 256 most frequent colours, the others as the nearest of those: a third of its size. */
export function inPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
  const palette = byCount.slice(0, mostColors);
  const places = new Map(byCount.map((color) => [color, nearest(palette, color)]));

  const rows = Buffer.alloc(height * (width + 1)); // each begins with its filter: 0, none
  for (const [index, color] of pixels.entries())
    rows[index + Math.floor(index / width) + 1] = places.get(color) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // eight bits, which name a colour of the palette
  const colors = Buffer.from(palette.flatMap((color) => channels(color)));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const chunks = [chunk("IHDR", header), chunk("PLTE", colors), chunk("IDAT", data)];
  return Buffer.concat([signature, ...chunks, chunk("IEND", Buffer.alloc(0))]);
}

function decode(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, kind] = [png[24], png[25]];
  if (depth !== 8 || (kind !== 2 && kind !== 6)) throw new Error(`a PNG of kind ${kind}, ${depth} bits`);
  const parts: Buffer[] = [];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const size = kind === 2 ? 3 : 4;
  const bytes = unfiltered(inflateSync(Buffer.concat(parts)), width * size, size);
  const pixels = Uint32Array.from({ length: width * height }, (_, index) =>
    bytes.readUIntBE(index * size, 3),
  );
  return { width, height, pixels };
}

/** The bytes before PNG's filters (W3C PNG, 9.2), without the byte in front of each row that names its filter. */
function unfiltered(raw: Buffer, stride: number, size: number): Buffer {
  const rows = raw.length / (stride + 1);
  const out = Buffer.alloc(rows * stride);
  for (let row = 0; row < rows; row++) {
    const filter = raw[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column < size ? 0 : (out[at - size] ?? 0);
      const up = row === 0 ? 0 : (out[at - stride] ?? 0);
      const corner = row === 0 || column < size ? 0 : (out[at - stride - size] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[at] = (raw[at + row + 1] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function nearest(palette: readonly number[], color: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  const [red = 0, green = 0, blue = 0] = channels(color);
  for (const [index, other] of palette.entries()) {
    const [r = 0, g = 0, b = 0] = channels(other);
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

const channels = (color: number) => [color >> 16, (color >> 8) & 0xff, color & 0xff];

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
