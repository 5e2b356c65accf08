const day = 86_400_000;

/** The share of the width that the past has: it matters less. */
const pastShare = 20;

export interface Scale {
  /** Where a moment stands, in hundredths of the width. */
  at(date: Date): number;
  readonly now: number;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly x: number;
  readonly label: string;
  /** There is room for it on a wide screen only. */
  readonly minor: boolean;
}

const steps = [
  { days: 1, label: "1 day", minor: true },
  { days: 7, label: "1 week", minor: false },
  { days: 30, label: "1 month", minor: true },
  { days: 91, label: "3 months", minor: false },
  { days: 365, label: "1 year", minor: true },
  { days: 3 * 365, label: "3 years", minor: false },
  { days: 10 * 365, label: "10 years", minor: true },
  { days: 30 * 365, label: "30 years", minor: true },
];

/**
 * Days and decades on one line: distances from now count by their logarithm,
 * so that what ends tomorrow can be told from what ends next week.
 */
export function scaleOf(now: Date, dates: readonly Date[]): Scale {
  const days = dates.map((date) => (date.getTime() - now.getTime()) / day);
  const first = Math.max(1, -Math.min(...days, 0));
  const last = Math.max(2, ...days);
  const ahead = 100 - pastShare;
  const at = (distance: number) =>
    distance < 0
      ? pastShare * (1 - Math.log1p(-distance) / Math.log1p(first))
      : pastShare + (ahead * Math.log1p(distance)) / Math.log1p(last);
  const ticks = steps
    .filter((step) => step.days <= last)
    .map(({ days, label, minor }) => ({ x: rounded(at(days)), label, minor }));
  return {
    at: (date) => rounded(Math.min(100, Math.max(0, at((date.getTime() - now.getTime()) / day)))),
    now: pastShare,
    ticks: ticks.filter(({ x }, i) => x <= 97 && x - (ticks[i - 1]?.x ?? pastShare) > 4),
  };
}

function rounded(x: number): number {
  return Math.round(x * 100) / 100;
}
