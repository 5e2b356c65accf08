type Step = readonly [from: number, factor: number, unit: string];

const times: readonly Step[] = [
  [31_536_000, 31_536_000, " years"],
  [604_800, 604_800, " weeks"],
  [86_400, 86_400, " days"],
  [3600, 3600, " hours"],
  [60, 60, " mins"],
  [1, 1, " s"],
  [1e-3, 1e-3, " ms"],
  [0, 1e-6, " µs"],
];
const sizes: readonly Step[] = [
  [2 ** 30, 2 ** 30, " GiB"],
  [2 ** 20, 2 ** 20, " MiB"],
  [0, 2 ** 10, " KiB"],
];
const plain: Readonly<Record<string, readonly Step[]>> = {
  s: times,
  bytes: sizes,
  reqps: [[0, 1, " req/s"]],
  percentunit: [[0, 0.01, "%"]],
  none: [[0, 1, ""]],
};

/** A value in one of the units that the dashboard's panels have, as Grafana words it: "52.1 weeks", "1.2 ms". */
export function inUnit(value: number, unit: string): string {
  const steps = plain[unit];
  if (steps === undefined) throw new Error(`no words for unit ${unit}`);
  if (value === 0) return `0${steps.at(-1)?.[2] === " µs" ? " s" : (steps.at(-1)?.[2] ?? "")}`;
  const [, factor, words] = steps.find(([from]) => Math.abs(value) >= from) ?? [0, 1, ""];
  const number = Number((value / factor).toPrecision(4));
  return `${number}${number === 1 ? words.replace(/([a-z]{3})s$/, "$1") : words}`;
}
