import type { Aggregator } from './aggregator.js';
import { readyMade } from './ready-made.js';
import { checkArgument } from '../checks/check-arguments.js';
import { show } from '../checks/wrong-argument.js';
import type { IsSame } from './set-types.js';

/** JavaScript would add up texts, or take them for numbers. */
function aNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`${name} takes numbers, got ${show(value)}: map the records to numbers first`);
}

/** The sum of numbers; 0 of nothing. For a sum that rounds less, use `reduce`, which folds as a balanced tree. */
export const sum: Aggregator<number, number> = readyMade('sum', {
  zero: () => 0,
  add: (total, value) => total + aNumber('sum', value),
  merge: (left, right) => left + right,
});

/** The number of records, for `aggregateByKey` and inside an aggregator of your own. */
export const count: Aggregator<unknown, number> = readyMade('count', {
  zero: () => 0,
  add: (total) => total + 1,
  merge: (left, right) => left + right,
});

/** The smallest number; `Infinity` of nothing. NaN, once met, stays. */
export const min: Aggregator<number, number> = readyMade('min', {
  zero: () => Infinity,
  add: (least, value) => Math.min(least, aNumber('min', value)),
  merge: (left, right) => Math.min(left, right),
});

/** The largest number; `-Infinity` of nothing. NaN, once met, stays. */
export const max: Aggregator<number, number> = readyMade('max', {
  zero: () => -Infinity,
  add: (most, value) => Math.max(most, aNumber('max', value)),
  merge: (left, right) => Math.max(left, right),
});

/** The accumulator of `mean` and `variance`. */
export interface Moments {
  /** How many numbers were met. */
  n: number;
  /** Their mean. */
  mean: number;
  /** The sum of the squares of their distances from the mean. */
  m2: number;
}

const moments = (name: string) => ({
  zero: (): Moments => ({ n: 0, mean: 0, m2: 0 }),
  add(a: Moments, value: number): Moments {
    const delta = aNumber(name, value) - a.mean;
    a.n += 1;
    a.mean += delta / a.n;
    a.m2 += delta * (value - a.mean);
    return a;
  },
  merge(a: Moments, b: Moments): Moments {
    if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a;
    const n = a.n + b.n;
    const delta = b.mean - a.mean;
    return { n, mean: a.mean + (delta * b.n) / n, m2: a.m2 + b.m2 + (delta * delta * a.n * b.n) / n };
  },
});

/** The arithmetic mean; NaN of nothing. Welford's method, merged as by Chan, Golub and LeVeque. */
export const mean: Aggregator<number, Moments, number> = readyMade('mean', {
  ...moments('mean'),
  finish: ({ n, mean }: Moments) => (n === 0 ? NaN : mean),
});

/** The population variance; NaN of nothing. Welford's method, merged as by Chan, Golub and LeVeque. */
export const variance: Aggregator<number, Moments, number> = readyMade('variance', {
  ...moments('variance'),
  finish: ({ n, m2 }: Moments) => (n === 0 ? NaN : m2 / n),
});

declare const ofRecords: unique symbol;

/** The set that `toSet` gives, in types only: where it is applied, it is a `Set` of the type of the records. */
export interface SetOfRecords extends Set<unknown> {
  /** @internal */
  readonly [ofRecords]: true;
}

/** What an aggregator that gives `R` gives of records of type `T`. */
export type Aggregated<T, R> = IsSame<R, SetOfRecords> extends true ? Set<T> : R;

/** The distinct records, compared as a `Set` does, in input order. */
export const toSet: Aggregator<unknown, Set<unknown>, SetOfRecords> = readyMade('toSet', {
  zero: () => new Set<unknown>(),
  add: (set, value) => set.add(value),
  merge(left, right) {
    for (const value of right) left.add(value);
    return left;
  },
});

/**
 * How many numbers fall in `[edges[i], edges[i + 1])`, one count for each two neighbouring edges. Numbers outside all of
 * them, and NaN, are not counted.
 *
 * @param edges Ascending; one more than there are counts.
 */
export function histogram(edges: readonly number[]): Aggregator<number, number[]> {
  checkArgument('edges', edges, [
    'an array of numbers, each larger than the one before',
    (given) =>
      Array.isArray(given) &&
      given.every((edge, i) => (i === 0 ? !Number.isNaN(Number(edge)) : edge > given[i - 1])),
  ]);
  return readyMade(
    'histogram',
    {
      zero: () => new Array<number>(Math.max(0, edges.length - 1)).fill(0),
      add(bins: number[], value: number): number[] {
        const number = aNumber('histogram', value);
        const bin = edges.findLastIndex((edge) => edge <= number);
        if (bin >= 0 && bin < bins.length) bins[bin]! += 1;
        return bins;
      },
      merge: (left: number[], right: number[]) => left.map((value, i) => value + right[i]!),
    },
    [edges],
  );
}
