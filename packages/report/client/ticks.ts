/** Writes the values of an axis. */
export type Ticks = (values: readonly number[]) => string[];

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

export const countTicks: Ticks = (values) => values.map((value) => short.format(value));

export const byteTicks: Ticks = (values) =>
  values.map((value) => (value === 0 ? '0' : `${short.format(value).replace('K', 'k')}B`));

export const timeTicks: Ticks = (values) => values.map((value) => (value === 0 ? '0' : inTime(value)));

export function inTime(seconds: number): string {
  if (seconds >= 120)
    return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')} min`;
  return seconds < 1
    ? `${Number((seconds * 1000).toPrecision(3))} ms`
    : `${Number(seconds.toPrecision(4))} s`;
}

/** A value under the pointer; there may be none, whatever the library's types say. */
export function textOf(ticks: Ticks, value: number | null): string {
  return value === null ? '' : ticks([value])[0]!;
}
