import { inUnit } from "./units.ts";

export interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly Line[];
}

const margin = { left: 74, right: 10, top: 8, bottom: 20 };
/** Seconds without a value in which a line is broken. */
const gap = 3;

/** Lines over time, as SVG. */
export function plot({ width, height, unit, from, to, lines }: Plot): string {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const ticks = ticksFor(values, unit);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (at: number) => margin.left + ((at - from) / (to - from)) * (width - margin.left - margin.right);
  const y = (value: number) =>
    height - margin.bottom - ((value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const across = ticks.map(
    (tick) =>
      `<path class="grid" d="M${margin.left} ${y(tick).toFixed(1)}H${width - margin.right}"/>` +
      `<text x="${margin.left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${inUnit(tick, unit)}</text>`,
  );
  const down = minutes(from, to).map(
    (at) =>
      `<path class="grid" d="M${x(at).toFixed(1)} ${margin.top}V${height - margin.bottom}"/>` +
      `<text x="${x(at).toFixed(1)}" y="${height - 5}" text-anchor="middle">${clock(at)}</text>`,
  );
  const drawn = lines.map(({ color, points }) => {
    const path = points.map(([at, value], index) => {
      const before = points[index - 1]?.[0];
      const pen = before === undefined || at - before > gap ? "M" : "L";
      return `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    });
    return `<path class="line" stroke="${color}" d="${path.join("")}"/>`;
  });
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${across.join("")}${down.join("")}${drawn.join("")}</svg>`;
}

/** From below the lowest to above the highest, in steps of 1, 2 or 5 of something; from 0, unless all is far from it. */
function ticksFor(values: readonly number[], unit: string): number[] {
  const highest = Math.max(...values, 0);
  const lowest = Math.min(...values, highest);
  const span = highest - lowest;
  const low = span > 0 && span < highest / 20 ? lowest : Math.min(lowest, 0);
  const base = unit === "bytes" ? 2 ** 20 : 1;
  const rough = (highest - low || 1) / base / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power * base;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(highest / step));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function minutes(from: number, to: number): number[] {
  const first = Math.ceil(from / 60);
  return Array.from({ length: Math.floor(to / 60) - first + 1 }, (_, index) => (first + index) * 60);
}

const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 16);
