import type { Aggregator } from './aggregator.js';
import { aNumber } from './a-number.js';

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

/** So many numbers are kept as they are, and their quantiles are exact. */
const MOST_EXACT = 1000;

/**
 * Folds numbers to a sketch, of which it gives the quantile `p`.
 *
 * @param width The logarithm of how many times a bucket's end is its beginning.
 */
export function sketching(p: number, width: number): Aggregator<number, Sketch, number> {
  const buckets = new Buckets(width);
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
      if (sketch.values === undefined) buckets.count(sketch, value);
      else if (sketch.values.push(value) > MOST_EXACT) buckets.spread(sketch);
      return sketch;
    },
    merge(left, right) {
      left.n += right.n;
      if (left.values !== undefined && right.values !== undefined) {
        for (const value of right.values) left.values.push(value);
        if (left.n > MOST_EXACT) buckets.spread(left);
        return left;
      }
      buckets.spread(left);
      if (right.values !== undefined) for (const value of right.values) buckets.count(left, value);
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
      const [from, to] = sorted
        ? [sorted[low]!, sorted[high]!]
        : [buckets.at(sketch, low), buckets.at(sketch, high)];
      return from === to ? from : from + (to - from) * (rank - low);
    },
  };
}

/** The buckets of a sketch, each so many times as large as the one before. */
class Buckets {
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  count(sketch: Sketch, value: number): void {
    if (value === 0) sketch.zeros += 1;
    else if (Number.isNaN(value)) sketch.nans += 1;
    else if (!Number.isFinite(value)) sketch.infinite[value > 0 ? 1 : 0] += 1;
    else raise(value > 0 ? sketch.above : sketch.below, this.#indexOf(Math.abs(value)), 1);
  }

  /** Moves the numbers that are kept as they are to buckets. */
  spread(sketch: Sketch): void {
    const { values } = sketch;
    sketch.values = undefined;
    for (const value of values ?? []) this.count(sketch, value);
  }

  /** The number of a rank, from 0 on. */
  at(sketch: Sketch, rank: number): number {
    let before = 0;
    for (const [value, n] of this.#ranked(sketch)) {
      before += n;
      if (rank < before) return value;
    }
    return NaN;
  }

  /** All numbers in their order, and how many there are of each. */
  *#ranked(sketch: Sketch): Generator<readonly [value: number, count: number]> {
    const byIndex = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0];
    yield [-Infinity, sketch.infinite[0]];
    for (const [index, n] of [...sketch.below].sort(byIndex).reverse()) yield [-this.#valueOf(index), n];
    yield [0, sketch.zeros];
    for (const [index, n] of [...sketch.above].sort(byIndex)) yield [this.#valueOf(index), n];
    yield [Infinity, sketch.infinite[1]];
    yield [NaN, sketch.nans];
  }

  #indexOf(size: number): number {
    return Math.ceil(Math.log(size) / this.#width);
  }

  /** The value that is as far, relatively, from either end of a bucket. */
  #valueOf(index: number): number {
    const width = this.#width;
    return (2 * Math.exp(index * width)) / (Math.exp(width) + 1);
  }
}

function raise(counts: Map<number, number>, index: number, by: number): void {
  counts.set(index, (counts.get(index) ?? 0) + by);
}

/** NaN comes last. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
