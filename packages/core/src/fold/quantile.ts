import { checkArgument, type Rule } from '../checks/check-arguments.js';
import type { Aggregator } from './aggregator.js';
import { aNumber } from './a-number.js';
import { ofField, withNulls, type FieldOf, type Nothing, type WithField } from './by-field.js';
import { readyMade } from './ready-made.js';

/** The accumulator of `quantile`. */
export interface Sketch {
  /** How many numbers were met. */
  n: number;
  /** All of them, while they are few. */
  values: number[] | undefined;
  /** How many numbers above zero are in each bucket, by its index. */
  above: Map<number, number>;
  /** The same of those below zero, by the index of their size. */
  below: Map<number, number>;
  /** How many are zero. */
  zeros: number;
  /** How many are infinite. */
  infinite: [negative: number, positive: number];
  /** How many are NaN. */
  nans: number;
}

/** How `quantile` counts. */
export interface QuantileOptions {
  /** The largest relative error of a quantile of many numbers, between 0 and 1. @default 0.005 */
  readonly error?: number;
}

/** So many numbers are kept as they are, and their quantiles are exact. */
const MOST_EXACT = 1000;

const aProbability: Rule = ['a number from 0 to 1', (p) => typeof p === 'number' && p >= 0 && p <= 1];
const anError: Rule = ['a number above 0 and below 1', (e) => typeof e === 'number' && e > 0 && e < 1];

/**
 * The value below which a part `p` of the numbers lies: 0.5 is the median. Between two numbers it is interpolated, as by
 * `quantile_cont` of SQL. Exact for up to 1000 numbers; of more each number is known within a relative error of 0.5 %, or
 * `error`, in memory that depends on their range alone (DDSketch, by Masson, Rim and Lee, 2019). The same bits for any number of
 * processes. NaN of nothing; NaN ranks above all numbers; null is skipped.
 *
 * @throws OptionError for a part outside of 0 to 1.
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate({ median: quantile('age', 0.5), p95: quantile('age', 0.95) }).run(); // -> { median: 31, p95: 66.1 }
 */
export function quantile(p: number, options?: QuantileOptions): Aggregator<number | null, Sketch, number>;
export function quantile<K extends string>(
  field: K,
  p: number,
  options?: QuantileOptions,
): Aggregator<WithField<K, number>, Sketch, number>;
export function quantile<T>(
  value: (record: T) => number | Nothing,
  p: number,
  options?: QuantileOptions,
): Aggregator<T, Sketch, number>;
export function quantile(...given: readonly unknown[]): Aggregator<never, Sketch, number> {
  const [of, rest] = typeof given[0] === 'number' ? [undefined, given] : [given[0], given.slice(1)];
  const [p, { error = 0.005 } = {}] = rest as [number, QuantileOptions?];
  checkArgument('p', p, aProbability);
  checkArgument('error', error, anError);
  const sketching = sketchOf(p, Math.log((1 + error) / (1 - error)));
  const aggregator =
    of === undefined ? withNulls(sketching) : ofField(sketching, of as FieldOf<never, number>);
  return readyMade('quantile', aggregator, given);
}

function sketchOf(p: number, width: number): Aggregator<number, Sketch, number> {
  const indexOf = (size: number): number => Math.ceil(Math.log(size) / width);
  // The value that is as far, relatively, from either end of a bucket.
  const valueOf = (index: number): number => (2 * Math.exp(index * width)) / (Math.exp(width) + 1);

  function count(sketch: Sketch, value: number): void {
    if (value === 0) sketch.zeros += 1;
    else if (Number.isNaN(value)) sketch.nans += 1;
    else if (!Number.isFinite(value)) sketch.infinite[value > 0 ? 1 : 0] += 1;
    else raise(value > 0 ? sketch.above : sketch.below, indexOf(Math.abs(value)), 1);
  }

  function spread(sketch: Sketch): void {
    const { values } = sketch;
    sketch.values = undefined;
    for (const value of values ?? []) count(sketch, value);
  }

  /** The number of a rank, from 0 on. */
  function* ranked(sketch: Sketch): Generator<readonly [value: number, count: number]> {
    const byIndex = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0];
    yield [-Infinity, sketch.infinite[0]];
    for (const [index, n] of [...sketch.below].sort(byIndex).reverse()) yield [-valueOf(index), n];
    yield [0, sketch.zeros];
    for (const [index, n] of [...sketch.above].sort(byIndex)) yield [valueOf(index), n];
    yield [Infinity, sketch.infinite[1]];
    yield [NaN, sketch.nans];
  }

  function at(sketch: Sketch, rank: number): number {
    let before = 0;
    for (const [value, n] of ranked(sketch)) {
      before += n;
      if (rank < before) return value;
    }
    return NaN;
  }

  return {
    zero: () => ({
      n: 0,
      values: [],
      above: new Map(),
      below: new Map(),
      zeros: 0,
      infinite: [0, 0],
      nans: 0,
    }),
    add(sketch, given) {
      const value = aNumber('quantile', given);
      sketch.n += 1;
      if (sketch.values === undefined) count(sketch, value);
      else if (sketch.values.push(value) > MOST_EXACT) spread(sketch);
      return sketch;
    },
    merge(left, right) {
      left.n += right.n;
      if (left.values !== undefined && right.values !== undefined) {
        for (const value of right.values) left.values.push(value);
        if (left.n > MOST_EXACT) spread(left);
        return left;
      }
      spread(left);
      if (right.values !== undefined) for (const value of right.values) count(left, value);
      for (const side of ['above', 'below'] as const) {
        for (const [index, n] of right[side]) raise(left[side], index, n);
      }
      left.zeros += right.zeros;
      left.nans += right.nans;
      left.infinite = [left.infinite[0] + right.infinite[0], left.infinite[1] + right.infinite[1]];
      return left;
    },
    finish(sketch) {
      if (sketch.n === 0) return NaN;
      const rank = p * (sketch.n - 1);
      const [low, high] = [Math.floor(rank), Math.ceil(rank)];
      const sorted = sketch.values?.toSorted(ascending);
      const [from, to] = sorted ? [sorted[low]!, sorted[high]!] : [at(sketch, low), at(sketch, high)];
      return from === to ? from : from + (to - from) * (rank - low);
    },
  };
}

function raise(counts: Map<number, number>, index: number, by: number): void {
  counts.set(index, (counts.get(index) ?? 0) + by);
}

/** NaN comes last. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
